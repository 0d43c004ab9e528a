// GitHub's official OpenAPI description, cut to the operations that the program calls and mended where a
// validating server would otherwise refuse good requests or accept bad ones.

import { readFileSync } from "node:fs";

const repository = "/repos/{owner}/{repo}";

const operations = {
  [repository]: ["get"],
  [`${repository}/pulls`]: ["get", "post"],
  [`${repository}/pulls/{pull_number}`]: ["get", "patch"],
  [`${repository}/pulls/{pull_number}/requested_reviewers`]: ["post"],
  [`${repository}/issues`]: ["get", "post"],
  [`${repository}/issues/{issue_number}`]: ["get"],
  [`${repository}/collaborators/{username}/permission`]: ["get"],
  [`${repository}/issues/{issue_number}/labels`]: ["post"],
  [`${repository}/issues/{issue_number}/labels/{name}`]: ["delete"],
  [`${repository}/issues/{issue_number}/assignees`]: ["post", "delete"],
  [`${repository}/issues/{issue_number}/comments`]: ["get", "post"],
  [`${repository}/issues/comments/{comment_id}`]: ["get", "patch", "delete"],
  [`${repository}/actions/workflows/{workflow_id}`]: ["get"],
  [`${repository}/actions/workflows/{workflow_id}/runs`]: ["get"],
  [`${repository}/actions/workflows/{workflow_id}/dispatches`]: ["post"],
  [`${repository}/actions/runs/{run_id}`]: ["get"],
};

export function cutDescription(file) {
  const whole = JSON.parse(readFileSync(file, "utf8"));
  const paths = {};
  for (const [path, methods] of Object.entries(operations)) {
    paths[path] = {};
    for (const method of methods) {
      const operation = whole.paths[path]?.[method];
      if (!operation) throw new Error(`the description has no ${method.toUpperCase()} ${path}`);
      paths[path][method] = operation;
    }
  }
  const cut = { openapi: whole.openapi, info: whole.info, servers: whole.servers, paths, components: {} };
  keepReferencedComponents(cut, whole);
  withoutExamples(cut);
  for (const item of Object.values(paths)) {
    for (const operation of Object.values(item)) mend(operation, cut);
  }
  // The description names no security scheme, so that a request without a token would pass.
  cut.components.securitySchemes = { token: { type: "http", scheme: "bearer" } };
  cut.security = [{ token: [] }];
  return cut;
}

/** The names of the query parameters of each operation: unknown ones pass every schema, so others look at them. */
export function queryParameters(description) {
  const names = new Map();
  for (const [path, item] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const known = (operation.parameters ?? []).map((parameter) => resolved(parameter, description));
      names.set(`${method.toUpperCase()} ${path}`,
        new Set(known.filter((parameter) => parameter.in === "query").map((parameter) => parameter.name)));
    }
  }
  return names;
}

function resolved(value, description) {
  while (value?.$ref) {
    value = value.$ref.split("/").slice(1).reduce((object, key) => object[key], description);
  }
  return value;
}

function keepReferencedComponents(cut, whole) {
  const open = [cut.paths];
  while (open.length > 0) {
    const value = open.pop();
    if (value === null || typeof value !== "object") continue;
    if (typeof value.$ref === "string") {
      const [, , kind, name] = value.$ref.split("/");
      cut.components[kind] ??= {};
      if (!(name in cut.components[kind])) {
        cut.components[kind][name] = whole.components[kind][name];
        open.push(cut.components[kind][name]);
      }
    }
    open.push(...Object.values(value));
  }
}

/** Some official examples break their own schema. A property that is called "example" is not touched. */
function withoutExamples(value, isMapOfNames = false) {
  if (value === null || typeof value !== "object") return;
  if (!isMapOfNames && !Array.isArray(value)) {
    delete value.example;
    delete value.examples;
  }
  for (const [key, child] of Object.entries(value)) withoutExamples(child, key === "properties");
}

function mend(operation, description) {
  // The media type that GitHub asks clients to accept is not among those the description lists.
  for (const response of Object.values(operation.responses)) {
    const content = resolved(response, description).content;
    if (content?.["application/json"]) content["application/vnd.github+json"] = content["application/json"];
  }
  const version = { name: "X-GitHub-Api-Version", in: "header", required: true, schema: { enum: ["2022-11-28"] } };
  operation.parameters = [...(operation.parameters ?? []), version];
  const body = resolved(operation.requestBody, description)?.content?.["application/json"]?.schema;
  if (body) refuseUnknownProperties(resolved(body, description), description);
}

/** Misspelt properties pass a schema that does not say otherwise. */
function refuseUnknownProperties(schema, description) {
  if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
  for (const key of ["oneOf", "anyOf"]) {
    for (const choice of schema[key] ?? []) {
      const target = resolved(choice, description);
      // Choices that only say which properties are required would refuse all the others.
      if (target.type === "object") refuseUnknownProperties(target, description);
    }
  }
}
