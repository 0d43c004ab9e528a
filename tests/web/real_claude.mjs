// The real Claude Code behind the pages: a run as it comes, a chat, a question.

import assert from "node:assert/strict";

/// What it says and does comes while it works, and its numbers with it.
export async function run(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/changelings/scribe");
  await page.getByRole("button", { name: "Run now" }).click();
  await page.getByRole("status").getByText("running", { exact: true }).waitFor();
  const log = page.getByRole("region", { name: "Log" });
  await log.getByText(/Write: .*SPELL\.md/).waitFor({ timeout: 60_000 });
  await page.getByRole("status").getByText("running", { exact: true }).waitFor();
  await page.getByRole("status").getByText("opened-pr", { exact: true }).waitFor({ timeout: 60_000 });
  await log.getByText("The spell is described.").first().waitFor();
  await page.getByText("1000 in, 100 out", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Transcript" }).click();
  const steps = page.getByRole("region", { name: "What the agent printed" });
  await steps.getByRole("heading", { name: "Turn 1" }).locator("time").waitFor();
  await steps.getByText(/^Write: .*SPELL\.md/).waitFor();
  await steps.getByText("The spell is described.").first().waitFor();
  await page.getByRole("region", { name: "Changes line by line" }).getByText("+ abracadabra").waitFor();
  await visit.inspect("real-run");
}

export async function chat(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/chat");
  await page.getByLabel("Ask something").fill("Let the spell be written");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Like <b>this</b>.").waitFor({ timeout: 60_000 });
  const proposed = page.getByRole("region", { name: /^Proposed: / });
  await visit.inspect("real-chat");
  await proposed.getByRole("button", { name: "Confirm what is shown" }).click();
  await page.getByText("confirmed", { exact: true }).waitFor();
  assert.deepEqual((await visit.api("GET", "/tasks")).tasks.map((task) => task.title), ["Write SPELL.md"]);
}

export async function question(visit) {
  const { page } = visit;
  await visit.logIn();
  const row = page.getByRole("listitem").filter({ hasText: "scribe asks: Which spell?" });
  await row.getByRole("button", { name: "fire", exact: true }).waitFor();
  await row.getByRole("button", { name: "water", exact: true }).click();
  await page.getByText("The agent has your answer.").first().waitFor();
  await row.waitFor({ state: "detached" });
  await visit.open(`/run/${visit.facts.run}`);
  await page.getByRole("status").getByText("opened-pr", { exact: true }).waitFor({ timeout: 60_000 });
}
