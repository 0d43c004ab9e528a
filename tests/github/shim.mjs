// Stands before the emulator and refuses what GitHub refuses: unknown tokens, unknown query parameters,
// branches that are not in the bare repository behind the pull request, duplicates, strangers as reviewers.
// What git knows better than the emulator (commits of branches) is put into the answers.

import { execFile } from "node:child_process";
import http from "node:http";
import { promisify } from "node:util";

import { Actions } from "./actions.mjs";
import { queryParameters } from "./cut-description.mjs";

const run = promisify(execFile);

class Refusal extends Error {
  constructor(status, message, errors) {
    super(message);
    this.status = status;
    this.body = { message, ...(errors ? { errors } : {}), documentation_url: "https://docs.github.com/rest", status: String(status) };
  }
}

export class Shim {
  constructor({ emulatorUrl, description, token, owner, collaborators, publicUrl }) {
    Object.assign(this, { emulatorUrl, token, owner, collaborators, publicUrl });
    this.bareRepositories = new Map();
    this.noDrafts = new Set();
    this.queryParameters = queryParameters(description);
    this.actions = new Actions(publicUrl);
    this.server = http.createServer((request, response) => this.#serve(request, response));
  }

  async addRepository({ name, bare, drafts = true }) {
    await this.#made("/user/repos", { name, private: false, auto_init: true });
    const fullName = `${this.owner}/${name}`;
    this.bareRepositories.set(fullName, bare);
    if (!drafts) this.noDrafts.add(fullName);
    return fullName;
  }

  /** Somebody else's repository, and our fork of it under the same name; each backed by a bare one. */
  async addFork({ name, upstream, fork, stranger }) {
    await this.#made("/user/repos", { name, private: false, auto_init: true }, stranger.token);
    await this.#made(`/repos/${stranger.login}/${name}/forks`, {});
    this.bareRepositories.set(`${stranger.login}/${name}`, upstream);
    this.bareRepositories.set(`${this.owner}/${name}`, fork);
    return `${stranger.login}/${name}`;
  }

  /** A stranger's pull request from a fork, which looks like one of ours in every way that a stranger can choose. */
  async addPullFromFork({ name, branch, base, body, stranger }) {
    await this.#made(`/repos/${this.owner}/${name}/forks`, {}, stranger.token);
    const head = `${stranger.login}:${branch}`;
    return this.#made(`/repos/${this.owner}/${name}/pulls`, { title: "Looks like ours", head, base, body }, stranger.token);
  }

  async #made(path, body, token) {
    const made = await this.#emulator("POST", path, JSON.stringify(body), token);
    if (made.status >= 300) throw new Error(`the emulator refuses POST ${path}: ${made.text}`);
    return JSON.parse(made.text);
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    let answer;
    try {
      answer = await this.#answer(request, new URL(request.url, "http://shim"), text);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      answer = { status: problem.status, headers: {}, text: JSON.stringify(problem.body) };
    }
    response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
    response.end(answer.text);
  }

  async #answer(request, url, text) {
    if (request.headers.authorization !== `Bearer ${this.token}`) throw new Refusal(401, "Bad credentials");
    const [, , owner, name, ...rest] = url.pathname.split("/");
    const fullName = `${owner}/${name}`;
    const bare = this.bareRepositories.get(fullName);
    if (!bare) throw new Refusal(404, "Not Found");
    this.#checkQuery(request.method, rest, url);
    const body = text ? JSON.parse(text) : undefined;
    if (rest[0] === "actions") return this.#actionsAnswer(request.method, rest, url, body, fullName, bare);
    const tail = rest.map((part) => (/^\d+$/.test(part) ? "N" : part)).join("/");
    if (request.method === "POST" && tail === "pulls") await this.#checkProposal(fullName, bare, body);
    if (request.method === "POST" && tail === "pulls/N/requested_reviewers") this.#checkReviewers(body);
    const answer = await this.#emulator(request.method, url.pathname + url.search, text);
    const isCreation = request.method === "POST" && /(requested_reviewers|assignees)$/.test(tail);
    return this.#corrected(answer, bare, isCreation);
  }

  async #actionsAnswer(method, rest, url, body, fullName, bare) {
    const described = await this.#corrected(await this.#emulator("GET", `/repos/${fullName}`), bare, false);
    const answer = await this.actions.answer({ method, rest, url, body, fullName, bare, repository: JSON.parse(described.text) });
    if (answer.message) throw new Refusal(answer.status, answer.message);
    return { status: answer.status, headers: {}, text: answer.body === null ? "" : JSON.stringify(answer.body) };
  }

  #checkQuery(method, rest, url) {
    const parameter = (before) => (before === "pulls" ? "{pull_number}" : before === "runs" ? "{run_id}" : "{issue_number}");
    const operation = ["/repos/{owner}/{repo}", ...rest.map((part, index) =>
      rest[index - 1] === "workflows" ? "{workflow_id}" : /^\d+$/.test(part) ? parameter(rest[index - 1]) : part)].join("/");
    const known = this.queryParameters.get(`${method} ${operation}`);
    for (const name of url.searchParams.keys()) {
      if (!known?.has(name)) throw new Refusal(422, `unknown query parameter ${name} of ${method} ${operation}`);
    }
  }

  async #checkProposal(fullName, bare, body) {
    const invalid = (field) => [{ resource: "PullRequest", field, code: "invalid" }];
    const custom = (message) => [{ resource: "PullRequest", code: "custom", message }];
    if (body.draft && this.noDrafts.has(fullName)) {
      throw new Refusal(422, "Draft pull requests are not supported in this repository.");
    }
    const [owner, name] = fullName.split("/");
    const branch = body.head.split(":").pop();
    const headOwner = body.head.includes(":") ? body.head.split(":")[0] : owner;
    const headName = `${headOwner}/${body.head_repo ?? name}`;
    const headBare = this.bareRepositories.get(headName);
    if (!headBare || !(await commitOf(headBare, branch))) throw new Refusal(422, "Validation Failed", invalid("head"));
    const base = await commitOf(bare, body.base);
    if (!base) throw new Refusal(422, "Validation Failed", invalid("base"));
    const ahead = (await run("git", ["-C", headBare, "rev-list", "--count", `${base}..${branch}`])).stdout.trim();
    if (ahead === "0") throw new Refusal(422, "Validation Failed", custom(`No commits between ${body.base} and ${branch}`));
    const open = await this.#emulator("GET", `/repos/${fullName}/pulls?state=open&per_page=100`);
    const same = (pull) => pull.head.repo?.full_name === headName && pull.head.ref === branch && pull.base.ref === body.base;
    if (JSON.parse(open.text).some(same)) {
      throw new Refusal(422, "Validation Failed", custom(`A pull request already exists for ${headOwner}:${branch}.`));
    }
  }

  #checkReviewers(body) {
    for (const login of body.reviewers ?? []) {
      if (login === this.owner) throw new Refusal(422, "Review cannot be requested from pull request author.");
      if (!this.collaborators.includes(login)) {
        throw new Refusal(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.");
      }
    }
  }

  async #corrected(answer, bare, isCreation) {
    const headers = {};
    const link = answer.headers.get("link");
    if (link) headers.link = link.replaceAll(this.emulatorUrl, this.publicUrl);
    // GitHub answers a request for reviews, and an assignment, with 201, the emulator with 200.
    const status = isCreation && answer.status === 200 ? 201 : answer.status;
    const body = answer.text ? JSON.parse(answer.text) : null;
    if (body?.full_name && body.default_branch) {
      // What the emulator leaves out of a repository.
      Object.assign(body, { network_count: 0, subscribers_count: 0, pushed_at: body.pushed_at ?? body.created_at });
    }
    if (body?.permission && body.user) {
      // The emulator calls a permission as its own store does, and leaves it out of the user.
      body.permission = body.permission === "push" ? "write" : body.permission === "pull" ? "read" : body.permission;
      body.user.role_name = body.role_name;
    }
    for (const entry of Array.isArray(body) ? body : [body]) {
      if (!entry?.head?.repo || !entry.base) continue;
      for (const label of entry.labels) label.description ??= "";
      const headBare = this.bareRepositories.get(entry.head.repo.full_name);
      if (headBare && entry.state === "open") entry.head.sha = (await commitOf(headBare, entry.head.ref)) ?? entry.head.sha;
      entry.base.sha = (await commitOf(bare, entry.base.ref)) ?? entry.base.sha;
    }
    return { status, headers, text: body === null ? "" : JSON.stringify(body) };
  }

  async #emulator(method, path, body, token = this.token) {
    const response = await fetch(this.emulatorUrl + path, {
      method, body: body || undefined,
      headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

async function commitOf(bare, branch) {
  try {
    return (await run("git", ["-C", bare, "rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`])).stdout.trim();
  } catch {
    return undefined;
  }
}
