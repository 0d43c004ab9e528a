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

export async function time(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/time");
  const shown = page.getByRole("region", { name: "The change that is shown" });
  await shown.getByRole("heading").waitFor();
  const slider = page.getByRole("slider");
  const newest = await shown.getByRole("heading").textContent();
  await slider.press("ArrowLeft");
  await page.waitForURL(/at=\w+/);
  assert.notEqual(await shown.getByRole("heading").textContent(), newest);
  await slider.press("End");
  await visit.inspect("time");
  assert.equal(await shown.getByRole("heading").textContent(), newest);
  await visit.api("POST", "/tasks", { title: "Meanwhile" });
  await page.getByRole("listitem").filter({ hasText: "Test Person" }).first().waitFor();
  assert.equal(await shown.getByRole("heading").textContent(), newest, "what is looked at stays");
  await shown.getByRole("button", { name: "Undo this change" }).click();
  await page.getByText(/^Undone: add .*: Wrong$/).waitFor();
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
