// Settings, sessions, repositories; and the time.

import assert from "node:assert/strict";

export async function settings(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/settings?search=lease");
  const row = page.getByRole("row").filter({ hasText: "changeling.lease" });
  await row.getByText("45m").waitFor();
  assert.equal(await page.getByRole("row").filter({ hasText: "changeling.serveHost" }).count(), 0);
  await page.getByRole("button", { name: "Link for a viewer" }).click();
  const link = await page.getByLabel("Link for somebody who may look").inputValue();
  await page.getByText("owner, this one").waitFor();
  await visit.inspect("settings");

  const other = await visit.browser.newContext();
  const viewer = await other.newPage();
  await viewer.goto(link);
  await viewer.getByText("live", { exact: true }).waitFor();
  await page.reload();
  const rowOfViewer = page.getByRole("listitem").filter({ hasText: "viewer" });
  await rowOfViewer.getByRole("button", { name: "End" }).click();
  await page.getByText("The session is over.").waitFor();
  await viewer.getByLabel("Code").waitFor();
  await other.close();
}

/// Set and taken back with the check of reading; what names a host is changed at the machine.
export async function change(visit) {
  const { page } = visit;
  const row = (key) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: key, exact: true }) });
  await visit.logIn();
  await visit.open("/settings?search=changeling.");
  await row("changeling.remote").getByText("only at the machine: it decides the host").waitFor();
  assert.equal(await row("changeling.remote").getByRole("button").count(), 0);
  await page.getByRole("button", { name: "Change changeling.lease" }).click();
  await page.getByLabel("New value of changeling.lease").fill("soon");
  visit.expect("422");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.locator(".notice.problem").getByText("changeling.lease").waitFor();
  await page.locator(".notice.problem").getByRole("button", { name: "Close" }).click();
  await page.getByLabel("New value of changeling.lease").fill("20m");
  await visit.inspect("settings-change");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.getByText("It is set, for this repository").waitFor();
  await row("changeling.lease").getByText(".git/config").waitFor();
  await row("changeling.lease").getByText("20m").waitFor();

  await page.getByRole("button", { name: "Change changeling.maxAttempts" }).click();
  await visit.api("PATCH", "/settings", { set: { "changeling.cooldown": "3h" } });
  await page.getByLabel("New value of changeling.maxAttempts").fill("5");
  visit.expect("412");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.getByText("settings have changed since").waitFor();
  await row("changeling.cooldown").getByText("3h").waitFor();
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await row("changeling.maxAttempts").getByRole("cell", { name: /^5 Change/ }).waitFor();

  await page.getByRole("button", { name: "Change changeling.lease" }).click();
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByText("changeling.lease is no longer set.").waitFor();
  await row("changeling.lease").getByText("30m (default)").waitFor();
}

/// Machines, variables and repositories: what each does, who uses it, how it stands.
export async function facts(visit) {
  const { page } = visit;
  await visit.logIn();
  await page.goto(`${visit.url}/repositories/project/#/settings`);
  const machines = page.getByRole("list", { name: "Machines" }).getByRole("listitem");
  await machines.filter({ hasText: "this one" }).getByText("does nothing").waitFor();
  await machines.filter({ hasText: "laptop" }).getByText("ann@laptop works on Carry the water").waitFor();
  const variables = page.getByRole("list", { name: "Variables of agents" }).getByRole("listitem");
  await variables.filter({ hasText: "API_KEY" }).getByText("secret", { exact: true }).waitFor();
  await variables.filter({ hasText: "API_KEY" }).getByRole("link", { name: "first" }).waitFor();
  await variables.filter({ hasText: "API_KEY" }).getByRole("link", { name: "second" }).waitFor();
  await variables.filter({ hasText: "MODE" }).getByRole("link", { name: "first" }).waitFor();
  assert.equal(await variables.count(), 2);
  for (const value of ["of-the-variable", "of-the-secret"]) assert.ok(!(await page.content()).includes(value), value);
  const repositories = page.getByRole("heading", { name: "Repositories" }).locator("..").getByRole("listitem");
  await repositories.filter({ hasText: "project" }).getByText("nothing runs", { exact: true }).waitFor();
  await repositories.filter({ hasText: "other" }).getByText("switched off · nothing runs · 1 task ready", { exact: true }).waitFor();
  await visit.inspect("settings-facts");
}

export async function time(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/time");
  const shown = page.getByRole("region", { name: "The change that is shown" });
  await shown.getByRole("heading").waitFor();
  const slider = page.getByRole("slider");
  const newest = await shown.getByRole("heading").textContent();
  const then = page.getByRole("region", { name: "The board then" });
  await then.getByText("2 tasks").waitFor();
  await slider.press("ArrowLeft");
  await page.waitForURL(/at=\w+/);
  assert.notEqual(await shown.getByRole("heading").textContent(), newest);
  await then.getByText("1 task", { exact: true }).waitFor();
  assert.equal(await then.getByText("Wrong").count(), 0, "it was not there yet");
  await slider.press("End");
  await then.getByText("Wrong").waitFor();
  await visit.inspect("time");
  assert.equal(await shown.getByRole("heading").textContent(), newest);
  await visit.api("POST", "/tasks", { title: "Meanwhile" });
  await page.getByRole("listitem").filter({ hasText: "Test Person" }).first().waitFor();
  assert.equal(await shown.getByRole("heading").textContent(), newest, "what is looked at stays");
  await shown.getByRole("button", { name: "Undo this change" }).click();
  await page.getByText(/^Undone: add .*: Wrong$/).waitFor();
}

/// What a session has started stands beside it with its cost, on a phone as well.
export async function session_costs(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/changelings/scribe");
  await page.getByRole("button", { name: "Run now" }).click();
  await page.waitForURL(/#\/run\/\w+$/);
  await visit.open("/settings");
  const own = page.getByRole("listitem").filter({ hasText: "owner, this one" });
  await own.getByText("has cost here: 1 run $0.0123").waitFor();
  await visit.api("POST", "/changelings/scribe/runs", {});
  await page.getByText("Scripts with the service's token have cost here: 1 run $0.0123.").waitFor();
  await visit.inspect("session-costs");
}

export async function credentials(visit) {
  const { page } = visit;
  const { token } = visit.facts;
  await visit.logIn();
  const banner = page.getByRole("alert").filter({ hasText: "claude is not logged in on this machine" });
  await banner.waitFor();
  await page.getByRole("heading", { name: "Not logged in 1" }).waitFor();
  await visit.inspect("needs-a-login");
  await visit.open("/board");
  await page.getByText("claude is not logged in", { exact: true }).waitFor();
  // All of it can be done on a phone.
  const phone = { width: 390, height: 844 };
  await page.setViewportSize(phone);
  await banner.getByRole("link", { name: "Give it a login" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "claude" });
  await row.getByText("was not let in").waitFor();

  await page.getByRole("button", { name: "Validate the login of claude" }).click();
  await page.getByText("claude: Not logged in").waitFor();
  await page.getByRole("button", { name: "Give a login to claude" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Variable").selectOption("CLAUDE_CODE_OAUTH_TOKEN");
  await dialog.getByLabel("Value").fill(token);
  assert.equal(await dialog.getByLabel("Value").getAttribute("type"), "password");
  await visit.inspect("credential");
  await page.setViewportSize(phone);
  await dialog.getByRole("button", { name: "Keep" }).click();
  await page.getByText("CLAUDE_CODE_OAUTH_TOKEN is kept for claude.").waitFor();
  await row.getByText("logged in", { exact: true }).waitFor();
  await banner.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Validate the login of claude" }).click();
  await page.getByText("claude: it answered").waitFor();
  await visit.inspect("credentials");
  assert.ok(!(await page.content()).includes(token), "the value is not given back");

  await page.getByRole("button", { name: "Remove what is kept for claude" }).click();
  await page.getByText("It is forgotten.").waitFor();
  await row.getByText("not logged in", { exact: true }).waitFor();
}

export async function credentials_of_a_viewer(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/settings");
  await page.getByRole("button", { name: "Link for a viewer" }).click();
  const link = await page.getByLabel("Link for somebody who may look").inputValue();
  const other = await visit.browser.newContext();
  const viewer = await other.newPage();
  await viewer.goto(link);
  await viewer.getByText("live", { exact: true }).waitFor();
  await viewer.evaluate(() => { location.hash = "/settings"; });
  await viewer.getByRole("heading", { name: "Logins of agents" }).waitFor();
  await viewer.getByText("Only the owner of the service sees them.").waitFor();
  assert.equal(await viewer.getByRole("button", { name: "Give a login to claude" }).count(), 0);
  await other.close();
}
