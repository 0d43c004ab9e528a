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
