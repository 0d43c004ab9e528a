// Webhooks: added by form, tried, received, replayed, given another secret, removed.

import assert from "node:assert/strict";

async function deliver(address, secret, id, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { Authorization: `Bearer ${secret}`, "Webhook-Id": id, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.status;
}

async function add(page) {
  await page.getByRole("button", { name: "New webhook" }).click();
  await page.getByLabel("Who sends").selectOption("generic");
  assert.equal(await page.getByRole("checkbox", { name: /^poll/ }).count(), 0, "only GitHub is asked for its events");
  await page.getByRole("textbox", { name: /^name/ }).fill("triage");
  await page.getByRole("textbox", { name: /^task/ }).fill("Look at {titel}");
  await page.getByRole("textbox", { name: /^events/ }).fill("opened\nclosed");
}

export async function life(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/webhooks");
  await page.getByText("0 webhooks").waitFor();
  await add(page);
  await visit.inspect("webhook-form");
  visit.expect("400");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".notice.problem").getByText("titel").waitFor();
  await page.locator(".notice.problem").getByRole("button", { name: "Close" }).click();
  await page.getByRole("textbox", { name: /^task/ }).fill("Look at {title}");
  await page.getByRole("button", { name: "Save" }).click();
  const issued = page.getByRole("region", { name: "What the source of triage is told" });
  const address = await issued.getByLabel("Address", { exact: true }).inputValue();
  const secret = await issued.getByLabel("Secret", { exact: true }).inputValue();
  assert.equal(address, `${visit.url}/hooks/triage`);
  assert.match(secret, /^[0-9a-f]{64}$/);
  await visit.inspect("webhook-issued");
  await issued.getByRole("button", { name: "I have it" }).click();
  assert.equal((await page.content()).includes(secret), false, "it is shown once");

  await page.getByRole("link", { name: "not trusted" }).click();
  await page.getByRole("button", { name: "Approve what is shown" }).click();
  await page.getByText("webhook:triage is approved.").waitFor();
  await visit.open("/webhooks/triage");
  await page.getByText("Nothing has been received.").waitFor();
  await tryOne(visit, secret);

  assert.equal(await deliver(address, "another-secret-than-that", "d1", { type: "opened", title: "no" }), 401);
  assert.equal(await deliver(address, secret, "d1", { type: "opened", title: "The <b>roof</b>" }), 202);
  assert.equal(await deliver(address, secret, "d2", { type: "moved", title: "x" }), 202);
  const taken = page.getByRole("listitem").filter({ hasText: "task-added" });
  await page.getByRole("listitem").filter({ hasText: "ignored" }).waitFor();
  await taken.locator("summary").click();
  await taken.getByText("webhook-id", { exact: true }).waitFor();
  await taken.getByText("202", { exact: true }).waitFor();
  assert.equal((await page.content()).includes(secret), false, "no header with the secret");
  await visit.inspect("webhook");
  await taken.getByRole("button", { name: "Replay" }).click();
  await page.getByText("It is worked off again").waitFor();
  await page.getByText("Replay of").first().waitFor({ state: "attached" });
  const { tasks } = await visit.api("GET", "/tasks?view=card");
  assert.equal(tasks[0].title, "Look at The <b>roof</b>");

  await rotate(visit, address, secret);
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("triage is switched off.").waitFor();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await visit.inspect("webhook-remove");
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByText("triage is removed.").waitFor();
  await page.getByText("0 webhooks").waitFor();
}

async function tryOne(visit, secret) {
  const { page } = visit;
  await page.getByRole("button", { name: "Try a delivery" }).click();
  const place = page.getByRole("region", { name: "Try a delivery" });
  const message = `Authorization: Bearer ${secret}\nWebhook-Id: t1\n\n{"type": "opened", "title": "A leak"}`;
  await place.getByLabel("File").setInputFiles({ name: "delivery.txt", mimeType: "text/plain", buffer: Buffer.from(message) });
  await place.getByRole("button", { name: "What would come of it?" }).click();
  await place.getByText("It would add the task: Look at A leak").waitFor();
  await place.getByText("right", { exact: true }).waitFor();
  await visit.inspect("webhook-trial");
  await place.getByLabel(/^The body/).fill('{"type": "moved"}');
  await place.getByRole("button", { name: "What would come of it?" }).click();
  await place.getByText(/^It would be ignored/).waitFor();
  await page.getByRole("button", { name: "Try a delivery" }).click();
  assert.deepEqual((await visit.api("GET", "/tasks")).tasks, []);
}

/// Both secrets count until the older one is dropped.
async function rotate(visit, address, before) {
  const { page } = visit;
  await page.getByRole("button", { name: "New secret" }).click();
  const secret = await page.getByLabel("Secret", { exact: true }).inputValue();
  assert.notEqual(secret, before);
  for (const [word, id] of [[before, "r1"], [secret, "r2"]])
    assert.equal(await deliver(address, word, id, { type: "moved", title: id }), 202);
  await page.getByRole("button", { name: "Drop the older secret" }).click();
  await page.getByText("Only the newest secret counts now.").waitFor();
  assert.equal(await deliver(address, before, "r3", { type: "moved", title: "r3" }), 401);
  assert.equal(await deliver(address, secret, "r4", { type: "moved", title: "r4" }), 202);
  await page.getByRole("button", { name: "I have it" }).click();
}

/// What a delivery starts can be chosen, and changed later; a source that makes the secret itself is asked for it.
export async function targets(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/webhooks");
  await page.getByRole("button", { name: "New webhook" }).click();
  await page.getByLabel("Who sends").selectOption("slack");
  await page.getByLabel("A delivery").selectOption("changeling");
  await page.getByLabel("Starts").selectOption("fixer");
  assert.equal(await page.getByRole("textbox", { name: /^task/ }).count(), 0);
  await page.getByRole("textbox", { name: /^name/ }).fill("chat");
  await page.getByRole("textbox", { name: /^conditions/ }).fill("/event/channel=C1");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("slack shows the secret; type it above").waitFor();
  await page.locator(".notice.problem").getByRole("button", { name: "Close" }).click();
  await page.getByLabel("Secret, as slack shows it").fill("0123456789abcdef0123456789abcdef");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "I have it" }).click();
  const made = await visit.api("GET", "/webhooks/chat");
  assert.deepEqual([made.changeling, made.task, made.conditions, made.secrets], ["fixer", null, { "/event/channel": "C1" }, 1]);
  await page.getByRole("link", { name: "chat", exact: true }).click();
  await page.getByText("starts fixer").waitFor();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByLabel("A delivery").selectOption("task");
  await page.getByRole("textbox", { name: /^task/ }).fill("Answer {title}");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("adds the task: Answer {title}").waitFor();
  const changed = await visit.api("GET", "/webhooks/chat");
  assert.deepEqual([changed.changeling, changed.task, changed.conditions], [null, "Answer {title}", { "/event/channel": "C1" }]);
}
