// Makes the dashboard: node build.mjs --modules NODE_MODULES --description OPENAPI_JSON --out FOLDER [--tests]
//
// In FOLDER lie then app.js, app.css, index.html and licences.txt (of the packages in it), which are compiled into the service. Below FOLDER/stage the
// sources, the types of the API and the packages lie side by side, so that each finds the others, wherever the
// packages are. With --tests the unit tests are bundled for node:test instead, into FOLDER/tests.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const web = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    modules: { type: "string" },
    description: { type: "string" },
    out: { type: "string" },
    tests: { type: "boolean", default: false },
  },
});
for (const name of ["modules", "description", "out"]) {
  if (!values[name]) throw new Error(`--${name} is missing`);
}
const modules = resolve(values.modules);
const out = resolve(values.out);
const stage = join(out, "stage");

/// As a module where the package has one: Node 18 cannot require() what is only a module.
async function load(name) {
  const folder = join(modules, name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entry = about.exports?.["."]?.import ?? about.main;
  return import(pathToFileURL(join(folder, entry.default ?? entry)));
}

function link(target, path) {
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

function prepareStage() {
  mkdirSync(join(stage, "generated"), { recursive: true });
  link(join(web, "src"), join(stage, "src"));
  link(modules, join(stage, "node_modules"));
  cpSync(join(web, "tsconfig.json"), join(stage, "tsconfig.json"));
}

async function writeApiTypes() {
  const { default: openapi, astToString } = await load("openapi-typescript");
  const types = await openapi(pathToFileURL(resolve(values.description)));
  writeFileSync(join(stage, "generated", "api.ts"), astToString(types));
}

/// The fields of the forms, as the API describes them.
function writeFields() {
  const { schemas } = JSON.parse(readFileSync(resolve(values.description), "utf8")).components;
  const fieldsOf = ({ properties }) => Object.entries(properties).map(([name, { type, description, enum: choices }]) =>
    ({ name, type: [type].flat()[0], help: description ?? "", choices: choices ?? [] }));
  writeFileSync(join(stage, "generated", "fields.ts"), `import type { Field } from "../src/form_values";
export const changelingFields: readonly Field[] = ${JSON.stringify(fieldsOf(schemas.ChangelingFields))};
export const roleFields: readonly Field[] = ${JSON.stringify(fieldsOf(schemas.RoleEdit))};
export const agentFields: readonly Field[] = ${JSON.stringify(fieldsOf(schemas.AgentEdit))};
export const skillFields: readonly Field[] = ${JSON.stringify(fieldsOf(schemas.SkillEdit))};
export const webhookFields: readonly Field[] = ${JSON.stringify(fieldsOf(schemas.NewWebhook))};
`);
}

function checkTypes() {
  const compiler = join(modules, "typescript", "bin", "tsc");
  const checked = spawnSync(process.execPath, [compiler, "--project", stage], { stdio: "inherit" });
  if (checked.status !== 0) process.exit(1);
}

const shared = {
  bundle: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  preserveSymlinks: true,
  absWorkingDir: stage,
  logLevel: "warning",
};

/// Their licences ask that they go along with what is made of them.
function licencesOf(inputs) {
  const names = new Set();
  for (const path of Object.keys(inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found) names.add(found[1]);
  }
  return [...names].sort().map((name) => {
    const folder = join(modules, name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence`);
    return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
}

async function bundle(esbuild) {
  const made = await esbuild.build({
    ...shared,
    entryPoints: { app: "src/main.tsx" },
    outdir: out,
    format: "iife",
    minify: true,
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    metafile: true,
  });
  writeFileSync(join(out, "licences.txt"), licencesOf(made.metafile.inputs).join(`\n${"-".repeat(72)}\n\n`));
  cpSync(join(web, "index.html"), join(out, "index.html"));
}

async function bundleTests(esbuild) {
  const folder = join(stage, "src", "tests");
  const entries = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".test.ts")) : [];
  await esbuild.build({
    ...shared,
    entryPoints: entries.map((name) => ({ in: join("src/tests", name), out: basename(name, ".ts") })),
    outdir: join(out, "tests"),
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
  });
}

prepareStage();
await writeApiTypes();
writeFields();
const esbuild = await load("esbuild");
if (values.tests) {
  await bundleTests(esbuild);
} else {
  checkTypes();
  await bundle(esbuild);
}
