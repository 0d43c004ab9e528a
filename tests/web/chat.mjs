// Talking with an agent: its answers, what it proposes, and what goes wrong.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";

export async function proposal(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/chat");
  await page.getByText("There is no chat yet.").waitFor();
  await visit.inspect("chat-empty");
  await page.getByLabel("Ask something").fill("Tidy up every night");
  await page.getByLabel("Ask something").press("Enter");
  await page.getByText("Like <script>this</script>\\u{202e}?").waitFor();
  const proposed = page.getByRole("region", { name: "Proposed: the changeling tidy", exact: true });
  assert.equal(await proposed.getByLabel("schedule").inputValue(), "0 3 * * *");
  assert.equal(await proposed.getByLabel("prompt").inputValue(), "Tidy <b>up</b>.\nAll of it.");
  const difference = page.getByRole("region", { name: "What would be different" });
  await difference.getByText('+schedule = "0 3 * * *"').waitFor();
  await difference.getByText('-prompt = "Tidy a little."').waitFor();
  assert.equal(await page.locator(".answered script, .answered b").count(), 0, "text is no markup");
  await visit.inspect("chat-proposal");
  await proposed.getByRole("button", { name: "Decline" }).click();
  await page.getByText("The proposal is declined.").waitFor();
  await proposed.getByText("declined", { exact: true }).waitFor();
  assert.equal(await proposed.getByRole("button").count(), 0);

  await page.getByLabel("Your message").fill("No, do it");
  await page.getByRole("button", { name: "Send" }).click();
  const confirming = page.getByRole("button", { name: "Confirm what is shown" });
  await confirming.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Changeling tidy is changed. It runs once it is trusted.").waitFor();
  await page.getByText("confirmed", { exact: true }).waitFor();
  await page.getByRole("link", { name: "All chats" }).click();
  await page.getByRole("link", { name: "Tidy up every night" }).waitFor();
  await visit.inspect("chats");
}

export async function failures(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/chat");
  await page.getByLabel("Ask something").fill("Hello");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("No answer: the agent's answer cannot be used: it is not JSON").waitFor();
  await visit.inspect("chat-failed");
  writeFileSync(visit.facts.oracle, "#!/bin/sh\nsleep 600\n");
  await page.getByLabel("Your message").fill("And now?");
  await page.getByLabel("Your message").press("Enter");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("No answer: stopped before there was an answer").waitFor();
  await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
}
