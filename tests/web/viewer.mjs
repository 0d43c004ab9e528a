// What a viewer is offered on every page: nothing that changes anything.

import assert from "node:assert/strict";

const writes = new RegExp("^(Add|New |Run now|Disable|Enable|Change|Remove|Approve|Withdraw|Trust this|Accept|Reject|Stop"
  + "|Send|Try again|Try a delivery|Undo|Save|Drop|Edit|Unblock|Done|Switch|Comment on|Resolve|Link for a viewer|End|Set|Replay|Actions for|Everything)");

const places = (facts) => ["/", "/board", `/board?task=${facts.task}`, `/run/${facts.run}`, "/review", "/review/1", "/trust",
  "/changelings", "/changelings/fixer", "/roles", "/roles/reviewer", "/webhooks", "/webhooks/triage", "/chat", "/time",
  "/settings?search=lease"];

/// What changes something and can be pressed, on one page.
async function offered(page, place) {
  await page.evaluate((hash) => { location.hash = "/nowhere"; setTimeout(() => { location.hash = hash; }, 0); }, place);
  await page.waitForFunction((hash) => location.hash === `#${hash}`, place);
  await page.waitForFunction(() => !document.querySelector("main")?.textContent.includes("Loading …")
    && !document.querySelector("main")?.textContent.includes("There is no such page"));
  const names = await page.evaluate(() => [...document.querySelectorAll("button, input[type=checkbox], [draggable=true]")]
    .filter((one) => !one.matches(":disabled"))
    .map((one) => one.getAttribute("aria-label") ?? (one.matches("[draggable]") ? "Actions for, by dragging" : one.textContent.trim())));
  for (let times = 0; times < 3 && await page.getByRole("button", { name: /^Close$/ }).count() > 0; times += 1)
    await page.keyboard.press("Escape");
  return names.filter((name) => writes.test(name));
}

/// The owner has something to press on each of these pages, and the viewer on none.
export async function nothing_to_press(visit) {
  const { page } = visit;
  await visit.logIn();
  await page.getByRole("switch", { name: "Everything is on" }).and(page.locator(":enabled")).waitFor();
  for (const place of places(visit.facts)) {
    const found = (await offered(page, place)).filter((name) => name !== "Everything is on");
    if (place !== "/review") assert.notDeepEqual(found, [], `the owner is offered nothing at ${place}`);
  }
  const { login_url } = await visit.api("POST", "/sessions", { role: "viewer" });
  const context = await visit.browser.newContext();
  const viewer = await context.newPage();
  const asked = [];
  viewer.on("response", (answer) => answer.status() === 403 && asked.push(answer.url()));
  await viewer.goto(`${visit.url}/${login_url}`);
  await viewer.getByText("live", { exact: true }).waitFor();
  for (const place of places(visit.facts))
    assert.deepEqual(await offered(viewer, place), [], `the viewer is offered something at ${place}`);
  assert.equal(await viewer.getByText("only at the machine").count(), 0);
  await viewer.goto(`${visit.url}/#/settings?search=task.verify`);
  await viewer.getByText("(set, not shown)").waitFor();
  assert.equal((await viewer.content()).includes("hidden-target"), false);
  await viewer.goto(`${visit.url}/#/`);
  const need = viewer.locator("li.need").filter({ hasText: "Find the key" });
  await need.waitFor();
  assert.equal(await need.locator("code").count(), 0, "no command that only the owner may type");
  assert.deepEqual(asked, [], "nothing is asked for that is refused");
  await context.close();
}
