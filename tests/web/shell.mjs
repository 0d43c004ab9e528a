// Login, navigation, the connection and the switch.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import http from "node:http";

/// The link logs in and leads to the dashboard; without a login its address shows the login page.
export async function login(visit) {
  const { page } = visit;
  visit.expect("401");
  await page.goto(`${visit.url}/#/board`);
  await page.getByRole("heading", { name: "git changeling" }).waitFor();
  await visit.inspect("login");
  await page.getByLabel("Code").fill("nonsense");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("status").getByText("git changeling serve login").waitFor();
  await visit.inspect("login-refused");
  await page.getByLabel("Code").fill(visit.facts.code);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Board" }).waitFor();
  assert.equal(new URL(page.url()).hash, "#/board", "the page that was asked for is shown after the login");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Code").waitFor();
}

export async function start_page(visit) {
  const { page } = visit;
  await visit.logIn();
  await page.getByRole("heading", { name: "Needs you" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/", "the code stands in no address any more");
  assert.equal(new URL(page.url()).hash, "");
  await page.getByText("Nothing runs.").waitFor();
  await visit.inspect("start");
  await visit.open("/nowhere");
  await page.getByText("There is no such page.").waitFor();
  await page.getByRole("link", { name: "To the start" }).click();
  await page.getByRole("heading", { name: "Needs you" }).waitFor();
}

/// The switch holds for the repository, and is told to whoever looks.
export async function halt(visit) {
  const { page } = visit;
  await visit.logIn();
  await page.getByRole("switch", { name: "Everything is on" }).click();
  await page.getByLabel("Why, for those who find it off").fill("the night of the move");
  await visit.inspect("halt-dialog");
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("alert").getByText("the night of the move").waitFor();
  assert.equal((await visit.api("GET", "/halt")).halt.reason.includes("the night of the move"), true);
  await visit.inspect("halted");
  await page.getByRole("switch", { name: "Everything is off" }).click();
  await page.getByRole("alert").waitFor({ state: "detached" });
  assert.equal((await visit.api("GET", "/halt")).halt, null);
}

/// A change that somebody else makes is seen without loading anew.
export async function live(visit) {
  await visit.logIn();
  await visit.open("/board");
  await visit.page.getByText("0 tasks").waitFor();
  await visit.api("POST", "/tasks", { title: "Made elsewhere <b>\u202e" });
  await visit.page.getByText("Made elsewhere <b>\\u{202e}").waitFor();
}

/// A proxy with a base path, as nginx is one; what it is asked outside of it is told.
async function proxyBefore(url, base) {
  const target = new URL(url);
  const outside = [];
  const aim = (request) => {
    if (!request.url.startsWith(base)) outside.push(request.url);
    return { host: target.hostname, port: target.port, method: request.method, headers: request.headers,
      path: request.url.slice(base.length - 1) };
  };
  const server = http.createServer((request, answer) => {
    const asked = http.request(aim(request), (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
    });
    asked.on("error", () => answer.destroy());
    request.pipe(asked);
  });
  server.on("upgrade", (request, socket) => {
    const asked = http.request(aim(request));
    asked.on("upgrade", (told, other) => {
      const lines = Object.entries(told.headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
      other.pipe(socket).pipe(other);
      for (const end of [socket, other]) end.on("error", () => {});
    });
    asked.on("error", () => socket.destroy());
    asked.end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}${base}`, outside, close: () => server.closeAllConnections() ?? server.close() };
}

/// Below a base path everything works as at the root, also another repository.
export async function base_path(visit) {
  const { page } = visit;
  const proxy = await proxyBefore(visit.url, "/tools/changeling/");
  await page.goto(`${proxy.url}login#${visit.facts.code}`);
  await page.getByText("live", { exact: true }).waitFor();
  await page.goto(`${proxy.url}repositories/project/#/board`);
  await page.getByText("Of the project").waitFor();
  await page.getByLabel("Repository").selectOption("other");
  await page.waitForURL(`${proxy.url}repositories/other/#/board`);
  await page.getByText("live", { exact: true }).waitFor();
  await page.getByText("Of the other one").waitFor();
  assert.equal(await page.getByText("Of the project").count(), 0);
  await visit.open("/settings");
  await page.getByRole("button", { name: "Link for a viewer" }).click();
  const link = await page.getByLabel("Link for somebody who may look").inputValue();
  assert.ok(link.startsWith(`${proxy.url}login#`), link);
  const others = await visit.browser.newContext();
  const viewer = await others.newPage();
  await viewer.goto(link);
  await viewer.getByText("live", { exact: true }).waitFor();
  await others.close();
  assert.deepEqual(proxy.outside, []);
  proxy.close();
}

/// Through the proxy of the docs, the real one: TLS, a base path, and the events.
export async function behind_nginx(visit) {
  const { page } = visit;
  await page.goto(`${visit.url}/login#${visit.facts.code}`);
  await page.getByText("live", { exact: true }).waitFor();
  assert.equal(page.url(), `${visit.url}/`);
  await visit.open("/board");
  await page.getByText("0 tasks").waitFor();
  await page.getByRole("button", { name: "Add a task" }).click();
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Sent through nginx");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("1 task", { exact: true }).waitFor();
  await visit.api("POST", "/tasks", { title: "Made behind it" });
  await page.getByText("Made behind it").waitFor();
  await visit.inspect("nginx");
  const [cookie] = await visit.context.cookies();
  assert.equal(cookie.secure, true);
}

/// A link in a mail, or a chat: the cookie does not come along, and the page is shown all the same.
export async function from_elsewhere(visit) {
  const { page } = visit;
  await visit.logIn();
  const elsewhere = http.createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end(`<link rel="icon" href="data:,"><a href="${visit.url}/#/board">Your board</a>`);
  });
  await new Promise((done) => elsewhere.listen(0, "localhost", done));
  visit.expect("401");
  for (let times = 0; times < 2; times += 1) {
    await page.goto(`http://localhost:${elsewhere.address().port}/`);
    await page.getByRole("link", { name: "Your board" }).click();
    await page.getByRole("heading", { name: "Board" }).waitFor();
  }
  elsewhere.closeAllConnections();
  elsewhere.close();
}

/// The server is killed and started again: the page says so, comes back by itself and has what happened meanwhile.
export async function restart(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/board");
  await page.getByText("0 tasks").waitFor();
  await visit.api("POST", "/tasks", { title: "Before" });
  await page.getByText("Before").waitFor();
  for (const told of ["ERR_CONNECTION_REFUSED", "WebSocket"]) visit.expect(told);
  await page.evaluate(() => { window.isTheSamePage = true; });
  writeFileSync(`${visit.facts.marks}/kill`, "");
  await page.getByText("no connection; again in").waitFor();
  while (!existsSync(`${visit.facts.marks}/started`)) await new Promise((done) => setTimeout(done, 50));
  await page.getByText("live", { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByText("While it was away").waitFor();
  await page.getByText("Before").waitFor();
  assert.equal(await page.evaluate(() => window.isTheSamePage), true);
}
