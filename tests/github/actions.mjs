// GitHub Actions as far as the program asks for it: workflows are the files on the default branch of the bare
// repository, and their runs do what the test says. The emulator behind knows no workflows.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = ".github/workflows/";

export class Actions {
  constructor(publicUrl) {
    this.publicUrl = publicUrl;
    this.runs = [];
  }

  /** What a test sees and sets: status and conclusion of a run, and how many lists leave it out. */
  change({ number, ...what }) {
    const found = this.runs.find((entry) => entry.number === number);
    if (!found) throw new Error(`no run ${number}`);
    return Object.assign(found, what);
  }

  /** The answer to a request below /repos/OWNER/NAME/actions as {status, body}, or a refusal {status, message}. */
  async answer({ method, rest, url, body, fullName, bare, repository }) {
    const [, kind, id, part] = rest;
    if (kind === "runs" && method === "GET") {
      const found = this.runs.find((entry) => entry.fullName === fullName && String(entry.number) === id);
      return found ? { status: 200, body: this.#described(found, repository) } : { status: 404, message: "Not Found" };
    }
    const file = decodeURIComponent(id);
    const text = await fileOf(bare, folder + file);
    if (kind !== "workflows" || text === undefined) return { status: 404, message: "Not Found" };
    if (method === "GET" && part === undefined) return { status: 200, body: this.#workflow(fullName, file) };
    if (method === "GET" && part === "runs") return { status: 200, body: this.#list(fullName, file, url, repository) };
    if (method === "POST" && part === "dispatches") return this.#dispatch({ file, text, body, fullName, bare });
    return { status: 404, message: "Not Found" };
  }

  async #dispatch({ file, text, body, fullName, bare }) {
    if (!text.includes("workflow_dispatch:")) return { status: 422, message: "Workflow does not have 'workflow_dispatch' trigger" };
    const head = await commitOf(bare, body.ref);
    if (!head) return { status: 422, message: `No ref found for: ${body.ref}` };
    for (const name of Object.keys(body.inputs ?? {})) {
      if (!text.includes(`      ${name}:\n`)) return { status: 422, message: `Unexpected inputs provided: ["${name}"]` };
    }
    const title = /^run-name: "(.*)"$/m.exec(text)[1].replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name) => body.inputs?.[name] ?? "");
    this.runs.push({ number: 9000 + this.runs.length, fullName, file, title: title.trim(), inputs: body.inputs ?? {}, head,
      branch: body.ref, status: "queued", conclusion: null, hidden_looks: 1 });
    return { status: 204, body: null };
  }

  #list(fullName, file, url, repository) {
    const event = url.searchParams.get("event");
    const found = this.runs.filter((entry) => entry.fullName === fullName && entry.file === file &&
      (!event || event === "workflow_dispatch") && entry.hidden_looks-- <= 0);
    found.sort((one, other) => other.number - one.number);
    return { total_count: found.length, workflow_runs: found.map((entry) => this.#described(entry, repository)) };
  }

  #workflow(fullName, file) {
    const url = `${this.publicUrl}/repos/${fullName}/actions/workflows/1`;
    return { id: 1, node_id: "W_1", name: file, path: folder + file, state: "active", created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-01T00:00:00.000Z", url, html_url: url, badge_url: url };
  }

  #described(entry, repository) {
    const url = `${this.publicUrl}/repos/${entry.fullName}/actions/runs/${entry.number}`;
    const person = { name: "Ada", email: "ada@example.com" };
    const commit = { id: entry.head, tree_id: entry.head, message: "m", timestamp: "2026-01-01T00:00:00Z", author: person, committer: person };
    return { id: entry.number, name: entry.title, node_id: "R_1", head_branch: entry.branch, head_sha: entry.head,
      path: folder + entry.file, run_number: 1, event: "workflow_dispatch", display_title: entry.title, status: entry.status,
      conclusion: entry.conclusion, workflow_id: 1, url, html_url: url, pull_requests: [], created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z", jobs_url: url, logs_url: url, check_suite_url: url, artifacts_url: url, cancel_url: url,
      rerun_url: url, workflow_url: url, head_commit: commit, repository, head_repository: repository };
  }
}

async function fileOf(bare, path) {
  try {
    return (await run("git", ["-C", bare, "show", `HEAD:${path}`])).stdout;
  } catch {
    return undefined;
  }
}

async function commitOf(bare, branch) {
  try {
    return (await run("git", ["-C", bare, "rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`])).stdout.trim();
  } catch {
    return undefined;
  }
}
