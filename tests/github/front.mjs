// What the program talks to: passes every exchange to the validating server, writes it down, and misbehaves on
// request. A reset must happen here, because a proxy turns one behind it into an answer.

import http from "node:http";

export class Front {
  constructor() {
    this.target = undefined;
    this.journal = [];
    this.faults = [];
    this.server = http.createServer((request, response) => this.#serve(request, response));
  }

  /**
   * A fault: {method, path (regular expression), times, kind, status, headers, body}. Kinds: "answer" instead of
   * passing the request on, "answer-after" although it was passed on, and "reset" and "reset-after" of the connection;
   * each after delay_ms.
   */
  addFault(fault) {
    this.faults.push({ times: 1, kind: "answer", status: 502, headers: {}, body: "", path: "", delay_ms: 0, ...fault });
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const entry = { method: request.method, path: request.url, headers: request.headers, body: parsed(body) };
    this.journal.push(entry);
    const fault = this.faults.find((candidate) => candidate.times > 0 &&
      (!candidate.method || candidate.method === request.method) && new RegExp(candidate.path).test(request.url));
    if (fault) {
      fault.times -= 1;
      entry.fault = fault.kind;
    }
    let answer;
    if (!fault || fault.kind.endsWith("-after")) answer = await this.#pass(request, body, entry);
    if (fault?.delay_ms > 0) await new Promise((done) => setTimeout(done, fault.delay_ms).unref());
    if (fault?.kind.startsWith("reset")) {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault) answer = fault;
    entry.status = answer.status;
    response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
    response.end(typeof answer.body === "string" || Buffer.isBuffer(answer.body) ? answer.body : JSON.stringify(answer.body));
  }

  async #pass(request, body, entry) {
    const headers = { ...request.headers };
    for (const name of ["host", "connection", "content-length", "accept-encoding"]) delete headers[name];
    const response = await fetch(this.target + request.url, {
      method: request.method, headers, body: body.length > 0 ? body : undefined, redirect: "manual",
    });
    const text = await response.text();
    const violations = response.headers.get("sl-violations");
    // Warnings are about answers that the description does not list; errors are about what was sent.
    if (violations) entry.violations = JSON.parse(violations).filter((violation) => violation.severity === "Error");
    if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
      entry.violations = [...(entry.violations ?? []), JSON.parse(text)];
    }
    if (response.status >= 400) entry.refusal = parsed(Buffer.from(text));
    const kept = {};
    for (const name of ["content-type", "link"]) {
      if (response.headers.has(name)) kept[name] = response.headers.get(name);
    }
    return { status: response.status, headers: kept, body: text };
  }
}

function parsed(bytes) {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes.toString();
  }
}
