// Starts a server that stands in for GitHub: front → prism (validates against GitHub's own description) → shim
// (what GitHub refuses) → emulate (state). All in this process, on loopback, on ports that the system chooses.
//
// Usage: node start.mjs NODE_MODULES
// Prints one line {"url", "token", "owner", "control"} once everything answers, and ends when its standard input
// is closed. The control server takes POST /repositories, /forks, /pulls-from-fork, /faults and
// /workflow-runs, DELETE /faults, GET /faults, /journal and /workflow-runs.

import http from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

import { cutDescription } from "./cut-description.mjs";
import { startEmulator } from "./emulator.mjs";
import { Front } from "./front.mjs";
import { Shim } from "./shim.mjs";

const modules = resolve(process.argv[2] ?? "node_modules");
const token = "ghp_" + "TestTokenOfTheLoopbackServer01234567";
const owner = "acme";
const collaborators = ["ada", "grace"];
const stranger = { login: "mallory", token: "token-of-a-stranger" };

process.stdin.on("end", () => process.exit(0));
process.stdin.resume();

function listen(server) {
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(`http://127.0.0.1:${server.address().port}`)));
}

async function startPrism(description, upstream) {
  const require = createRequire(join(modules, "@stoplight/prism-cli/package.json"));
  const { createLogger } = require("@stoplight/prism-core");
  const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
  const { createServer } = require("@stoplight/prism-http-server");
  const server = createServer(await getHttpOperationsFromSpec(description), {
    cors: false,
    components: { logger: createLogger("prism", { level: "silent" }) },
    config: {
      isProxy: true, upstream: new URL(upstream), upstreamProxy: undefined, errors: true,
      checkSecurity: true, validateRequest: true, validateResponse: true, mock: { dynamic: false },
    },
  });
  return server.listen(0, "127.0.0.1");
}

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
}

const front = new Front();
const publicUrl = await listen(front.server);
const description = cutDescription(join(modules, "@octokit/openapi/generated/api.github.com.json"));
const tokens = { [owner]: token, [stranger.login]: stranger.token };
const emulator = await startEmulator(modules, { tokens, users: collaborators, publicUrl });
const shim = new Shim({ emulatorUrl: emulator.url, description, token, owner, collaborators, publicUrl });
const shimUrl = await listen(shim.server);
front.target = await startPrism(description, shimUrl);

const control = http.createServer(async (request, response) => {
  const reply = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  try {
    const action = `${request.method} ${request.url}`;
    const body = await readJson(request);
    if (action === "POST /repositories") return reply(201, { full_name: await shim.addRepository(body) });
    if (action === "POST /forks") return reply(201, { full_name: await shim.addFork({ ...body, stranger }) });
    if (action === "POST /pulls-from-fork") return reply(201, await shim.addPullFromFork({ ...body, stranger }));
    if (action === "POST /faults") return reply(201, front.addFault(body) ?? {});
    if (action === "DELETE /faults") return reply(200, front.faults.splice(0));
    if (action === "GET /journal") return reply(200, front.journal);
    if (action === "GET /workflow-runs") return reply(200, shim.actions.runs);
    if (action === "POST /workflow-runs") return reply(200, shim.actions.change(body));
    if (action === "GET /faults") return reply(200, front.faults);
    reply(404, { message: `no ${action}` });
  } catch (problem) {
    reply(500, { message: problem.message });
  }
});
const controlUrl = await listen(control);
process.stdout.write(JSON.stringify({ url: publicUrl, token, owner, control: controlUrl }) + "\n");
