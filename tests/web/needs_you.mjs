// The start page: what waits for a person is settled there.

import assert from "node:assert/strict";
import { renameSync } from "node:fs";

const need = (page, text) => page.locator("li.need").filter({ hasText: text });

async function gone(page, text) {
  await need(page, text).waitFor({ state: "detached" });
}

/// Everything that waits is there, and each is settled where it stands.
export async function settle(visit) {
  const { page } = visit;
  await visit.logIn();
  await need(page, "pull request 1 of proposer waits").waitFor();
  await page.getByRole("link", { name: "Needs you 5" }).waitFor();
  await page.waitForFunction(() => document.title === "(5) Needs you · git changeling");
  await visit.inspect("needs-you");

  await need(page, "waits for your word: Paint the door").getByRole("button", { name: "Approve" }).click();
  await gone(page, "Paint the door");
  await need(page, "Count the nails").getByRole("button", { name: "Send back" }).click();
  await gone(page, "Count the nails");
  assert.equal((await visit.api("GET", `/tasks/${visit.facts.judged}`)).status, "ready");
  await need(page, "Find the key").getByRole("button", { name: "Unblock" }).click();
  await gone(page, "Find the key");
  await need(page, "Sell the car").getByRole("button", { name: "Drop …" }).click();
  await page.getByLabel("Why nobody is to do it").fill("it is gone");
  await page.getByRole("button", { name: "Drop", exact: true }).click();
  await gone(page, "Sell the car");
  await page.getByRole("link", { name: "Needs you 1" }).waitFor();
  assert.equal((await visit.api("GET", `/tasks/${visit.facts.dropped}`)).dropped, true);
}

/// What is trusted is what was shown: text and difference come with the digest.
export async function trust(visit) {
  const { page } = visit;
  await visit.logIn();
  const row = need(page, "stranger is not trusted here");
  await row.getByRole("button", { name: "Look and decide" }).click();
  await row.getByText("touch trusted <script>").waitFor();
  await visit.inspect("needs-trust");
  // Changed between looking and deciding: the digest that was shown is another one's.
  await visit.api("PATCH", "/changelings/stranger", { run: "rm -rf everything" });
  visit.expect("412");
  await row.getByRole("button", { name: "Trust this" }).click();
  await page.locator(".notice.problem").waitFor();
  const standing = async () => (await visit.api("GET", "/trust")).approvals.find((one) => one.name === "stranger");
  assert.equal((await standing()).trusted, false);
  await page.locator(".notice.problem").getByRole("button").click();
  await row.getByText("rm -rf everything").waitFor();
  await row.getByRole("button", { name: "Trust this" }).click();
  await gone(page, "stranger is not trusted here");
  assert.equal((await standing()).trusted, true);
}

/// A request is looked at and accepted, at the width of a phone.
export async function review(visit) {
  const { page } = visit;
  await page.setViewportSize({ width: 390, height: 844 });
  await visit.logIn();
  const row = need(page, "pull request 1 of proposer waits");
  await row.getByRole("button", { name: "Look and decide" }).click();
  await row.getByText("new.txt").waitFor();
  assert.equal((await row.textContent()).includes("<!--"), false);
  await visit.inspect("needs-review");
  await row.getByRole("button", { name: "Accept" }).click();
  await gone(page, "pull request 1 of proposer waits");
  assert.equal((await visit.api("GET", "/pull-requests/1")).state, "merged");
}

const phone = { width: 390, height: 844 };

/// An agent's question is answered where it stands, on a phone: with an answer that it proposes, or with words of one's own.
export async function question(visit) {
  const { page } = visit;
  await visit.logIn();
  const colour = need(page, "asker asks: Which colour?");
  await colour.getByRole("button", { name: "red <b>" }).waitFor();
  await visit.inspect("needs-question");
  await page.setViewportSize(phone);
  await colour.getByRole("button", { name: "blue" }).click();
  await page.getByText("The agent has your answer.").first().waitFor();
  await gone(page, "Which colour?");
  const word = need(page, "asker asks: Which word?");
  await word.getByLabel("Your answer").fill("plume");
  await word.getByRole("button", { name: "Answer" }).click();
  await gone(page, "Which word?");
}

/// Work that could not be sent is sent from a phone once its remote is back.
export async function outbox(visit) {
  const { page, facts } = visit;
  await page.setViewportSize(phone);
  await visit.logIn();
  const row = need(page, "the work of proposer waits to be sent");
  await row.getByRole("button", { name: "Send now" }).waitFor();
  await visit.inspect("needs-outbox");
  await page.setViewportSize(phone);
  visit.expect("503");
  await row.getByRole("button", { name: "Send now" }).click();
  await page.locator(".notice.problem").getByText("cannot sync with origin").waitFor();
  renameSync(facts.gone, facts.remote);
  await row.getByRole("button", { name: "Send now" }).click();
  await page.getByText("It is sent.").waitFor();
  await gone(page, "waits to be sent");
  assert.deepEqual((await visit.api("GET", "/outbox")).outbox, []);
}

/// A tool that was refused is allowed from a phone, and what that leads to is trust.
export async function tool_refused(visit) {
  const { page } = visit;
  await page.setViewportSize(phone);
  await visit.logIn();
  const row = need(page, "scribe was refused: Bash: git push origin HEAD");
  await row.getByRole("button", { name: "Allow …" }).click();
  await row.getByText("nothing of it runs until you trust it again").waitFor();
  await visit.inspect("needs-tool-refused");
  await page.setViewportSize(phone);
  assert.equal(await row.getByLabel("Permission").inputValue(), "Bash(git push origin HEAD)");
  await row.getByRole("button", { name: "Allow", exact: true }).click();
  await page.getByText("once it is trusted: see To approve").waitFor();
  await gone(page, "was refused");
  const changed = await visit.api("GET", "/changelings/scribe");
  assert.deepEqual(changed.permissions, ["Write", "Bash(git push origin HEAD)"]);
  assert.equal(changed.trusted, false);
  const approval = need(page, "scribe is not trusted here: it has changed");
  await approval.getByRole("button", { name: "Look and decide" }).click();
  await approval.locator(".added").filter({ hasText: "git push origin HEAD" }).waitFor();
  await approval.getByRole("button", { name: "Trust this" }).click();
  await gone(page, "is not trusted here");
}

/// A run whose machine is not heard of any more is begun anew, from a phone.
export async function run_lost(visit) {
  const { page, facts } = visit;
  await page.setViewportSize(phone);
  await visit.logIn();
  const row = need(page, "far-away is not heard of any more");
  await row.getByRole("button", { name: "Try again" }).waitFor();
  await visit.inspect("needs-run-lost");
  await page.setViewportSize(phone);
  await row.getByRole("button", { name: "Try again" }).click();
  await page.getByText("A new attempt has begun.").waitFor();
  await gone(page, "far-away is not heard of any more");
  const newest = (await visit.api("GET", "/runs")).runs[0];
  assert.equal(newest.retry_of, facts.lost);
}

/// A schedule that is held back is run at once, from a phone.
export async function schedule(visit) {
  const { page } = visit;
  await page.setViewportSize(phone);
  await visit.logIn();
  const row = need(page, "planned should have run at");
  await row.getByText("pauses until").waitFor();
  await visit.inspect("needs-schedule");
  await page.setViewportSize(phone);
  await row.getByRole("button", { name: "Run now" }).click();
  await page.getByText("A run has begun.").waitFor();
  const newest = (await visit.api("GET", "/runs")).runs[0];
  assert.deepEqual([newest.changeling, newest.trigger], ["planned", "manual"]);
}

/// What nobody took is tried again, from a phone.
export async function notification(visit) {
  const { page } = visit;
  await page.setViewportSize(phone);
  await visit.logIn();
  const row = need(page, "notifications do not arrive through command");
  await row.getByRole("button", { name: "Try again" }).waitFor();
  await visit.inspect("needs-notification");
  await page.setViewportSize(phone);
  await row.getByRole("button", { name: "Try again" }).click();
  await gone(page, "notifications do not arrive");
}

/// A failed run is tried again, and what runs, what it cost and what comes stands below.
export async function standing(visit) {
  const { page } = visit;
  await visit.logIn();
  await need(page, "breaker has failed").getByRole("button", { name: "Try again" }).click();
  await page.getByText("A new attempt has begun.").waitFor();
  const cost = page.getByRole("region", { name: "Cost" });
  await cost.getByText("Today: $0.00 of $20.00").waitFor();
  await cost.getByText(/\d runs?/).first().waitFor();
  await page.getByRole("region", { name: "The coming week" }).getByText("planned").first().waitFor();
  await page.getByRole("region", { name: "Queue" }).getByText("1 review").waitFor();
}

/// What was spent stands against the caps, for each day and each changeling, in pictures and in words.
export async function costs(visit) {
  const { page, facts } = visit;
  await visit.logIn();
  const cost = page.getByRole("region", { name: "Cost" });
  await cost.getByText("Today: $3.00 of $20.00").waitFor();
  await cost.getByText("$2.50 today of $2.00 a day").waitFor();
  await cost.getByText("$0.50 today, no cap of its own").waitFor();
  const today = cost.getByRole("row").filter({ hasText: facts.today });
  assert.equal(await today.textContent(), `${facts.today}2 runs$3.00dear $2.50, cheap $0.50`);
  const picture = cost.getByRole("img", { name: "Cost of dear on each of the last 7 days, against $2.00 a day" });
  assert.equal(await picture.locator("rect").count(), 7);
  assert.equal(await picture.locator("rect.over").count(), 1);
  assert.equal(await picture.locator("line.cap").count(), 1);
  await visit.inspect("costs");
}

/// A question to the project is asked on the start page, from a phone.
export async function ask(visit) {
  const { page } = visit;
  await page.setViewportSize(phone);
  await visit.logIn();
  const form = page.getByRole("region", { name: "Ask" });
  await form.getByLabel("Ask something, or say what you want").waitFor();
  await visit.inspect("start-with-chat");
  await page.setViewportSize(phone);
  await form.getByLabel("Ask something, or say what you want").fill("What is there to do?");
  await form.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/#\/chat\/\w+$/);
  await page.getByText("What is there to do?").first().waitFor();
  await page.getByText("Nothing at all.").waitFor();
}

/// A viewer sees it, and is offered nothing.
export async function viewer(visit) {
  const { page } = visit;
  const { login_url } = await visit.api("POST", "/sessions", { role: "viewer" });
  await page.goto(`${visit.url}/${login_url}`);
  await need(page, "Find the key").waitFor();
  await page.getByRole("switch", { name: "Everything is on" }).and(page.locator(":disabled")).waitFor();
  assert.equal(await page.getByRole("button", { name: "Unblock" }).count(), 0);
  await page.getByRole("heading", { name: "The coming week" }).waitFor();
  assert.equal(await page.getByLabel("Ask something").count(), 0);
}

const real = () => {
  window.shown = [];
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      window.shown.push(this);
    }
  };
};

/// Asked for by a button, given once of a cause, gathered after three, and a click opens what settles it.
export async function notifications(visit) {
  const { page } = visit;
  await page.addInitScript(real);
  await visit.logIn();
  const titles = () => page.evaluate(() => window.shown.map(({ title, body }) => `${title}: ${body}`));
  const block = (task) => visit.api("POST", `/tasks/${task}/block`, { reason: "no key" });
  const [first, ...others] = visit.facts.tasks;
  await need(page, "waits already").waitFor();
  await block(first);
  await need(page, "Task 0").waitFor();
  assert.deepEqual(await titles(), [], "nobody has asked for them");
  await visit.context.grantPermissions(["notifications"], { origin: visit.url });
  await page.getByRole("button", { name: "Notify me in this browser" }).click();
  await page.getByRole("button", { name: "No more notifications" }).waitFor();
  await visit.inspect("notifications");
  for (const task of others) {
    await block(task);
    await need(page, task).waitFor();
  }
  await page.waitForFunction((count) => window.shown.length === count, others.length);
  const told = await titles();
  assert.match(told[0], /^Blocked: task .* is blocked: Task 1: no key$/);
  assert.equal(new Set(told).size, others.length);
  assert.match(told.at(-1), /^Blocked: \d+ more things? within the hour$/);
  assert.equal(told.filter((text) => text.includes("waits already")).length, 0);
  await page.evaluate(() => window.shown[0].dispatchEvent(new Event("click")));
  await page.waitForURL((address) => address.hash === `#/board?task=${others[0]}`);
  await page.reload();
  await visit.open("/");
  await page.getByRole("button", { name: "No more notifications" }).click();
  await page.getByRole("button", { name: "Notify me in this browser" }).waitFor();
  await visit.api("POST", `/tasks/${first}/unblock`, {});
  await need(page, "Task 0").waitFor({ state: "detached" });
  assert.deepEqual(await titles(), []);
}

/// More than the service names are counted.
export async function many(visit) {
  const { page } = visit;
  await visit.logIn();
  await page.getByRole("link", { name: "Needs you 104" }).waitFor();
  await page.getByRole("heading", { name: "To review 104" }).waitFor();
  await page.getByText("and 4 more").waitFor();
  await page.getByText(/^\d+\.\d, \d+\.\d, \d+\.\d on \d+ processors?$/).waitFor();
  await page.getByText(/free of/).waitFor();
  await page.getByText(/git-changeling \d+\.\d+.*, system/).waitFor();
}
