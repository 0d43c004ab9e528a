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
  const turns = await steps.getByRole("heading").allTextContents();
  assert.deepEqual(turns.map((title) => title.trim().split(" ").slice(0, 2).join(" ")), ["Turn 1", "Turn 2"]);
  assert.equal(await steps.getByRole("heading", { name: "Turn 1" }).locator("time").getAttribute("datetime"), visit.facts.time);
  assert.equal(await steps.getByRole("heading", { name: "Turn 2" }).locator("time").count(), 0);
  await visit.inspect("run-transcript");
}

/// What is said to an agent in the middle of a turn stays in sight until its turn has ended; its numbers come live.
export async function queued(visit) {
  const { page } = visit;
  const { run, hold } = visit.facts;
  await visit.logIn();
  await visit.open(`/run/${run}`);
  const turns = page.locator(".properties div").filter({ has: page.getByText("Turns", { exact: true }) }).locator("dd");
  await page.getByLabel("Message to the agent").fill("mind the <b>gap");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Queued: the agent reads it after its turn.").waitFor();
  const waiting = page.getByRole("list", { name: "Messages that wait for the agent" });
  await waiting.getByText("mind the <b>gap").waitFor();
  await waiting.getByText("queued", { exact: true }).waitFor();
  await visit.inspect("run-queued");
  await turns.getByText("2", { exact: true }).waitFor();
  await page.getByRole("status").getByText("running", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Transcript" }).click();
  const message = page.locator(".conversation .message").filter({ hasText: "mind the <b>gap" });
  await message.getByText("queued", { exact: true }).waitFor();
  writeFileSync(hold, "");
  await message.getByText("queued", { exact: true }).waitFor({ state: "detached" });
  await waiting.waitFor({ state: "detached" });
  await page.locator(".conversation").getByText(/^You said: mind the <b>gap/).waitFor();
  await message.waitFor();
}

/// What a failed run shows: why, what it changed, what proves it, what it cost.
export async function failed_run(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open(`/run/${visit.facts.run}`);
  const standing = page.getByRole("status").filter({ hasText: "verification-failed" });
  await standing.getByText("A verification command failed.").waitFor();
  await standing.getByText(visit.facts.error).waitFor();
  await page.getByText("$0.0123", { exact: true }).waitFor();
  const evidence = page.getByRole("heading", { name: "Evidence" }).locator("..");
  await evidence.getByText("exit 7", { exact: true }).waitFor();
  await evidence.getByText("the reason").first().waitFor();
  await evidence.getByText(/^Sandbox: /).waitFor();
  const changes = page.getByRole("region", { name: "Changes line by line" });
  await changes.getByText("+ written by an agent").waitFor();
  await visit.inspect("run-failed");
}

/// What programs print to confuse: everything of it is text, and the page stays usable.
export async function hostile(visit) {
  const { page } = visit;
  const { run, bytes, task } = visit.facts;
  await visit.logIn();
  await visit.open(`/run/${run}`);
  const log = page.getByRole("region", { name: "Log" });
  await log.getByText("\\u{1b}[31mred\\u{1b}[0m", { exact: true }).waitFor();
  await log.getByText("user\\u{202e}gpj.exe", { exact: true }).waitFor();
  while (await page.getByRole("button", { name: "Load earlier" }).count()) {
    const first = await page.getByText(/^the last \d+ lines?$/).textContent().catch(() => "");
    await page.getByRole("button", { name: "Load earlier" }).click();
    await page.waitForFunction((before) => !document.body.textContent.includes(before) || before === "", first).catch(() => {});
  }
  await page.getByLabel("Find").fill("xxxx");
  await page.getByText(/^1 of \d+$/).waitFor();
  const shown = await log.locator(".log-line.marked span").textContent();
  assert.ok(shown.length < bytes / 100, `${shown.length} letters of a line of ${bytes} are in the page`);
  assert.match(shown, /all of it is in the file/);
  await page.getByRole("button", { name: "Transcript" }).click();
  await page.locator(".conversation").getByText("\\u{1b}[31mred").first().waitFor();
  await page.getByRole("button", { name: "Log", exact: true }).click();
  const changes = page.getByRole("region", { name: "Changes line by line" });
  await changes.getByText("+ \\u{1b}[31mred\\u{1b}[0m user\\u{202e}gpj.exe").waitFor();
  await changes.getByText("(cut)").waitFor();
  await visit.inspect("run-hostile");
  assert.equal(await page.evaluate(() => document.body.textContent.includes("\u202e") || document.body.textContent.includes("\u001b")), false);
  await visit.open(`/board?task=${task}`);
  await page.getByRole("dialog").getByText("Pay \\u{202e}gpj.exe").first().waitFor();
  await page.getByRole("dialog").getByText("\\u{1b}[31mred").waitFor();
  await visit.inspect("card-hostile");
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
