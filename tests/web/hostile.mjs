// Pages of strangers in the browser of somebody who is logged in: what they try reaches nothing.

import assert from "node:assert/strict";

/// In the stranger's page: each attempt as one word, "refused" or what came back.
async function attempts(page, target) {
  return page.evaluate(async (service) => {
    const tried = {};
    const fetched = async (path, options) => {
      try {
        const answer = await fetch(service + path, options);
        return answer.type === "opaque" ? "opaque" : `${answer.status} ${(await answer.text()).slice(0, 80)}`;
      } catch {
        return "refused";
      }
    };
    tried.read = await fetched("/api/v1/status", { credentials: "include" });
    tried.blind = await fetched("/api/v1/status", { credentials: "include", mode: "no-cors" });
    tried.write = await fetched("/api/v1/tasks", { method: "POST", credentials: "include", body: '{"title": "of a stranger"}',
      headers: { "Content-Type": "application/json", "X-Changeling": "1" } });
    tried.plain = await fetched("/api/v1/tasks", { method: "POST", credentials: "include", mode: "no-cors",
      body: '{"title": "of a stranger"}', headers: { "Content-Type": "text/plain" } });
    tried.picture = await new Promise((done) => {
      const picture = new Image();
      picture.onload = () => done("loaded");
      picture.onerror = () => done("refused");
      picture.src = `${service}/icon.svg`;
    });
    tried.socket = await new Promise((done) => {
      const socket = new WebSocket(`${service.replace("http", "ws")}/api/v1/events`);
      socket.onopen = () => done("open");
      socket.onerror = () => done("refused");
    });
    tried.frame = await new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.onload = () => done(frame.contentDocument === null ? "out of reach" : "readable");
      frame.src = `${service}/`;
      document.body.append(frame);
    });
    return tried;
  }, target);
}

async function sendForm(page, target) {
  await page.evaluate((service) => {
    const form = document.createElement("form");
    form.method = "post";
    form.enctype = "text/plain";
    form.action = `${service}/api/v1/tasks`;
    const field = document.createElement("input");
    field.name = '{"title": "of a stranger", "x": "';
    field.value = '"}';
    form.append(field);
    document.body.append(form);
    form.submit();
  }, target);
  await page.waitForURL(`${target}/api/v1/tasks`);
  return page.evaluate(() => document.body.innerText);
}

async function titles(visit) {
  return (await visit.api("GET", "/tasks")).tasks.map((task) => task.title);
}

/// A page of another origin, as a link in a mail opens it.
export async function stranger(visit) {
  await visit.logIn();
  const page = await visit.context.newPage();
  await page.goto(visit.facts.stranger);
  const tried = await attempts(page, visit.url);
  assert.deepEqual(tried, { ...tried, read: "refused", write: "refused", socket: "refused", picture: "refused", frame: "out of reach" });
  assert.match(await sendForm(page, visit.url), /may not ask this server/);
  assert.deepEqual(await titles(visit), ["Own"]);
}

/// The stranger's name leads to loopback once its page is there: then its origin and the service's are one.
export async function rebound(visit) {
  await visit.logIn();
  const page = await visit.context.newPage();
  // The first answer under the name comes from the stranger, all later ones from where it leads by then.
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "<title>You have won</title>" }), { times: 1 });
  await page.goto(`${visit.facts.rebound}/`);
  assert.equal(await page.title(), "You have won");
  for (const path of ["/healthz", "/login", "/api/v1/status", "/app.js"]) {
    const status = await page.evaluate(async (where) => (await fetch(where)).status, path);
    assert.equal(status, 421, path);
  }
  const opened = await page.evaluate(() => new Promise((done) => {
    const socket = new WebSocket(`ws://${location.host}/api/v1/events`);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  }));
  assert.equal(opened, "refused");
  assert.deepEqual(await titles(visit), ["Own"]);
}
