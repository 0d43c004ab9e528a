// The list of runs, and one run.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";

export async function live_run(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/runs");
  await page.getByRole("link", { name: "talker" }).click();
  const log = page.getByRole("region", { name: "Log" });
  await log.getByText("ready <b>\\u{202e}").waitFor();
  await page.getByLabel("Message to the agent").fill("hello");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("The agent has the message.").waitFor();
  await log.getByText("heard hello", { exact: true }).waitFor();
  await visit.inspect("run-live");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("killed", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The run is tried again.").waitFor();
  await page.getByRole("link", { name: visit.facts.run }).waitFor();
  await log.getByText("ready <b>").waitFor();
  await page.getByLabel("Message to the agent").fill("bye");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("no-changes", { exact: true }).waitFor();
  await log.getByText("heard bye", { exact: true }).waitFor();
  assert.equal(await log.getByText("heard bye", { exact: true }).count(), 1, "what came twice is shown once");
  await page.getByRole("button", { name: "Transcript" }).click();
  await page.getByRole("region", { name: "What the agent printed" }).getByText("heard bye").waitFor();
}

export async function long_log(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open(`/run/${visit.facts.run}`);
  const log = page.getByRole("region", { name: "Log" });
  await log.getByText("line 6000 of six thousand").waitFor();
  assert.ok((await log.locator(".log-line").count()) < 120, "only what is seen is in the page");
  const part = await visit.api("GET", `/runs/${visit.facts.run}/log?tail=65536`);
  assert.equal(await page.getByText(/^the last \d+ lines$/).textContent(), `the last ${part.text.trimEnd().split("\n").length} lines`);

  await page.getByLabel("Find").fill("LINE 5000 OF");
  await page.getByText("1 of 1").waitFor();
  await log.getByText("line 5000 of six thousand").waitFor();
  await page.getByLabel("Find").fill("line 12 of");
  await page.getByText("not in what is loaded").waitFor();
  while (await page.getByRole("button", { name: "Load earlier" }).count()) {
    await page.getByRole("button", { name: "Load earlier" }).click();
    await page.waitForTimeout(50);
  }
  await page.getByText("1 of 1").waitFor();
  const found = log.locator(".log-line.marked");
  assert.equal(await found.locator("span").textContent(), "line 12 of six thousand");
  await visit.inspect("run-log");

  await found.getByRole("link").click();
  const address = page.url();
  assert.match(address, /at=\d+/);
  await page.reload();
  await page.locator(".log-line.marked").getByText("line 12 of six thousand", { exact: true }).waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  assert.match((await download).suggestedFilename(), /\.log$/);
}

export async function listing(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/runs");
  await page.getByText("2 runs", { exact: true }).waitFor();
  await visit.inspect("runs");
  await page.getByLabel("Outcome").selectOption("failed");
  await page.getByText("1 run", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).hash, "#/runs?outcome=failed");
  await page.getByRole("link", { name: "broken" }).click();
  await page.getByText("The agent or a step of the run failed.").waitFor();
  await page.goBack();
  await page.getByText("1 run", { exact: true }).waitFor();
  await page.getByLabel("Outcome").selectOption("");
  await page.getByLabel("Changeling").fill("quiet");
  await page.getByLabel("Changeling").press("Enter");
  await page.getByRole("link", { name: "quiet" }).click();
  await page.getByText("echo checked", { exact: true }).waitFor();
  visit.expect("400");
  await visit.open("/runs?since=nonsense");
  await page.getByRole("alert").getByText("nonsense").waitFor();
}

export async function conversation(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open(`/run/${visit.facts.run}?view=transcript`);
  const steps = page.locator(".conversation");
  await steps.getByText("I look <b>first</b>.").waitFor();
  const call = steps.getByText("Bash: make docs");
  const answer = steps.getByText("no rule \\u{202e}");
  assert.equal(await answer.isVisible(), false, "a call is folded");
  await call.click();
  await answer.waitFor();
  await steps.getByText("End: success").waitFor();
  await visit.inspect("run-transcript");
}

/// The server is killed and started again while the run prints: the page goes on where it was.
export async function restart(visit) {
  const { page } = visit;
  const { run, marks, ticks } = visit.facts;
  await visit.logIn();
  await visit.open(`/run/${run}`);
  await page.getByRole("region", { name: "Log" }).getByText(/^tick \d+$/).first().waitFor();
  for (const told of ["ERR_CONNECTION_REFUSED", "WebSocket"]) visit.expect(told);
  writeFileSync(`${marks}/kill`, "");
  await page.getByText("no connection; again in").waitFor();
  while (!existsSync(`${marks}/started`)) await new Promise((done) => setTimeout(done, 50));
  await page.getByText("live", { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByText("no-changes", { exact: true }).waitFor({ timeout: 120_000 });
  await page.getByLabel("Find").fill("tick ");
  await page.getByText(`1 of ${ticks}`, { exact: true }).waitFor();
  const log = await visit.api("GET", `/runs/${run}/log?tail=1000000`);
  await page.getByText(`${log.text.trimEnd().split("\n").length} lines`, { exact: true }).waitFor();
}
