// Reading, accepting and rejecting requests; approving what may run.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

async function openRequest(visit) {
  await visit.logIn();
  await visit.open("/review");
  await visit.page.getByText("1 request", { exact: true }).waitFor();
  await visit.page.getByRole("link", { name: /^#1 / }).click();
  const changes = visit.page.getByRole("region", { name: "Changes line by line" });
  await changes.waitFor();
  return changes;
}

export async function accepting(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/review");
  await page.getByText("1 request", { exact: true }).waitFor();
  await visit.inspect("requests");
  await page.getByRole("link", { name: /^#1 / }).click();
  const changes = page.getByRole("region", { name: "Changes line by line" });
  await changes.getByText("<script>alert(1)</script>\\u{202e}").waitFor();
  await changes.getByText("+ It has the typo.").waitFor();
  await changes.getByText("- It has teh typo.").waitFor();
  const generated = changes.getByRole("button", { name: "package-lock.json" });
  assert.equal(await generated.getAttribute("aria-expanded"), "false", "what a program writes is folded");
  await generated.click();
  await changes.getByText("+ {}").waitFor();
  await changes.getByRole("button", { name: "picture.bin" }).click();
  await changes.getByText("This file is binary.").waitFor();
  await page.getByText("echo checked", { exact: true }).waitFor();
  await visit.inspect("request");
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByText("Request #1 is merged into main.").waitFor();
  await page.getByText("merged", { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Accept" }).count(), 0);
}

/// Between looking and accepting somebody moves the branch: what was not seen is not merged.
export async function moved_head(visit) {
  const { page } = visit;
  const { repository, branch, other } = visit.facts;
  await openRequest(visit);
  await page.getByText("+ It has the typo.").waitFor();
  execFileSync("git", ["-C", repository, "update-ref", `refs/heads/${branch}`, other]);
  visit.expect("409");
  await page.getByRole("button", { name: "Accept" }).click();
  await page.locator(".notice.problem").getByText("would merge").waitFor();
  assert.equal((await visit.api("GET", "/pull-requests/1")).state, "open");
}

export async function rejecting(visit) {
  const { page } = visit;
  await openRequest(visit);
  await page.getByRole("button", { name: "Reject" }).click();
  await page.getByLabel("Why, for the next run").fill("the word is right as it is");
  await visit.inspect("request-rejecting");
  await page.getByRole("button", { name: "Reject it" }).click();
  await page.getByText("Request #1 is rejected.").waitFor();
  await page.getByText("the word is right as it is").waitFor();
}

/// Comments are gathered below their lines, stay when one comes back, and are sent as one review.
export async function commenting(visit) {
  const { page } = visit;
  const changes = await openRequest(visit);
  await changes.getByText("+ It has the typo.").waitFor();
  await changes.getByRole("button", { name: "Comment on README.md, line 3", exact: true }).press("Enter");
  const field = page.getByLabel("Comment on README.md, line 3", { exact: true }).and(page.locator("textarea"));
  await field.fill("<img src=x onerror=alert(1)>\u202e why?");
  await visit.inspect("request-comment");
  await page.getByRole("button", { name: "Add comment" }).click();
  await field.waitFor({ state: "detached" });
  await changes.getByText("- It has teh typo.").click();
  await page.getByLabel("Comment on README.md, line 3 before the change").and(page.locator("textarea")).fill("It was right.");
  await page.getByRole("button", { name: "Add comment" }).click();
  await page.getByText("with 2 comments").waitFor();
  assert.deepEqual((await visit.api("GET", "/pull-requests/1/reviews")).reviews, [], "nothing is sent yet");
  await page.reload();
  await page.getByText("with 2 comments").waitFor();
  await page.getByLabel("About the whole request").fill("Not yet.");
  await page.getByLabel("Verdict").selectOption("changes-requested");
  await visit.inspect("request-drafts");
  await page.getByRole("button", { name: "Send review" }).click();
  await page.getByText("The review is sent.").waitFor();
  const thread = changes.getByRole("group", { name: "Thread on README.md, line 3", exact: true });
  await thread.getByText("<img src=x onerror=alert(1)>\\u{202e} why?").waitFor();
  await page.getByText("with 2 comments").waitFor({ state: "detached" });
  await page.getByText("asks for changes").waitFor();
  const { reviews, threads } = await visit.api("GET", "/pull-requests/1/reviews");
  assert.equal(reviews.length, 1);
  assert.deepEqual(threads.map(({ file, line, side }) => [file, line, side]), [["README.md", 3, "new"], ["README.md", 3, "old"]]);
  await visit.inspect("request-threads");
  await thread.getByRole("button", { name: "Resolve" }).click();
  await thread.getByText("resolved", { exact: true }).waitFor();
  await visit.open("/review");
  await page.getByText("changes requested").waitFor();
  await page.getByText("1 open thread").waitFor();
}

/// What was said elsewhere is there by itself; of an earlier version it stands above the lines.
export async function threads(visit) {
  const { page } = visit;
  const { repository, branch, other } = visit.facts;
  const changes = await openRequest(visit);
  await changes.getByText("+ It has the typo.").waitFor();
  await visit.api("POST", "/pull-requests/1/reviews", {
    comments: [{ file: "README.md", line: 3, text: "From elsewhere" }, { file: "picture.bin", text: "Too large" }],
  });
  await changes.getByText("From elsewhere").waitFor();
  await changes.getByText("Too large").waitFor();
  execFileSync("git", ["-C", repository, "update-ref", `refs/heads/${branch}`, other]);
  await page.reload();
  await changes.waitFor();
  await page.getByText("README.md, line 3 of an earlier version").waitFor();
  await page.getByText("From elsewhere").waitFor();
  const { login_url } = await visit.api("POST", "/sessions", { role: "viewer" });
  const context = await visit.browser.newContext();
  const viewer = await context.newPage();
  await viewer.goto(`${visit.url}/${login_url}`);
  await viewer.getByText("live", { exact: true }).waitFor();
  await viewer.goto(`${visit.url}/#/review/1`);
  await viewer.getByText("From elsewhere").waitFor();
  for (const name of [/^Comment on/, "Resolve", "Send review"])
    assert.equal(await viewer.getByRole("button", { name }).count(), 0, `a viewer is offered ${name}`);
  await context.close();
}

export async function many_lines(visit) {
  const { page } = visit;
  const changes = await openRequest(visit);
  await changes.getByText("+ It has the typo.").waitFor();
  const large = changes.getByRole("button", { name: "many.txt" });
  assert.equal(await large.getAttribute("aria-expanded"), "false", "a large file is folded");
  await large.click();
  await changes.getByText("+ row 1", { exact: true }).waitFor();
  const end = () => changes.evaluate((box) => { box.scrollTop = box.scrollHeight; });
  await end();
  await changes.getByRole("button", { name: "Load more of this file" }).click();
  await changes.getByRole("button", { name: "Load more of this file" }).waitFor({ state: "detached" });
  await end();
  await changes.getByText("+ row 10000", { exact: true }).waitFor();
  assert.ok((await changes.locator(".difference-line").count()) < 150, "only what is seen is in the page");
  await page.getByLabel("Go to").selectOption("README.md");
  await changes.getByText("+ It has the typo.").waitFor();
}

export async function trusting(visit) {
  const { page } = visit;
  await visit.api("PATCH", "/changelings/fixer", { description: "Mends <b>words</b>" });
  await visit.api("POST", "/changelings", { name: "new-one", description: "Something new", run: "echo \u202e" });
  await visit.logIn();
  await visit.open("/trust");
  await page.getByText("2 things to approve.").waitFor();
  await page.getByText("+description: Mends <b>words</b>").waitFor();
  await visit.inspect("trust");
  await visit.api("PATCH", "/changelings/fixer", { description: "Something else meanwhile" });
  const fixer = page.getByRole("listitem").filter({ hasText: "fixer" });
  visit.expect("412");
  await fixer.getByRole("button", { name: "Approve what is shown" }).click();
  await page.locator(".notice.problem").waitFor();
  await page.getByText("+description: Something else meanwhile").waitFor();
  await fixer.getByRole("button", { name: "Approve what is shown" }).click();
  await page.getByText("fixer is approved.").waitFor();
  await page.getByText("1 thing to approve.").waitFor();
  const other = page.getByRole("listitem").filter({ hasText: "other" });
  await other.locator("summary").click();
  await other.getByRole("button", { name: "Withdraw the approval" }).click();
  await page.getByText("other is not trusted any more.").waitFor();
}
