// Login, navigation, the connection and the switch.

import assert from "node:assert/strict";

/// The link logs in and leads to the dashboard; without a login its address shows the login page.
export async function login(visit) {
  const { page } = visit;
  visit.expect("401");
  await page.goto(`${visit.url}/#/board`);
  await page.getByRole("heading", { name: "git changeling" }).waitFor();
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
