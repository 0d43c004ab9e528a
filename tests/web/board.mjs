// The board: drag, keyboard, menu, selection, filters, live.

import assert from "node:assert/strict";

const column = (page, name) => page.getByRole("region", { name, exact: true });
const card = (page, title) => page.getByRole("listitem").filter({ has: page.getByRole("button", { name: title, exact: true }) });
const inColumn = (page, name, title) => column(page, name).getByRole("button", { name: title, exact: true });

async function add(visit, ...tasks) {
  const made = [];
  for (const task of tasks) made.push(await visit.api("POST", "/tasks", task));
  return made;
}

async function statusOf(visit, id) {
  return (await visit.api("GET", `/tasks/${id}`)).status;
}

async function openBoard(visit, query = "") {
  await visit.logIn();
  await visit.open(`/board${query}`);
  await visit.page.getByRole("heading", { name: "Board" }).waitFor();
}

async function until(what, condition) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`never: ${what}`);
}

/// Cards stand where they belong, say why nobody works on them, and follow what others do.
export async function shown(visit) {
  const { page } = visit;
  const [first, waiting] = await add(visit, { title: "Write the parser", status: "ready", priority: "high", labels: ["core"] },
    { title: "Test the parser", status: "ready" }, { title: "Think about names <script>", status: "planning" });
  await visit.api("POST", `/tasks/${waiting.id}/block`, { by: [first.id] });
  await add(visit, { title: "Write the docs", status: "ready", role: "writer" },
    { title: "Ask the boss", status: "ready", gates: ["person"] });
  await openBoard(visit);
  await inColumn(page, "Ready", "Write the parser").waitFor();
  await inColumn(page, "Planning", "Think about names <script>").waitFor();
  await card(page, "Test the parser").getByText("waits for Write the parser").waitFor();
  await card(page, "Ask the boss").getByText("waits for a person's approval").waitFor();
  await card(page, "Write the parser").getByText("no worker is running here").waitFor();
  await visit.inspect("board");
  await inColumn(page, "Ready", "Test the parser").click();
  await page.getByRole("dialog", { name: "Test the parser" }).getByRole("link", { name: first.id }).click();
  await page.getByRole("dialog", { name: "Write the parser" }).getByText(waiting.id).waitFor();
  await page.waitForTimeout(100);
  await page.getByRole("dialog", { name: "Write the parser" }).getByRole("button", { name: "Close" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).hash, "#/board");
  await visit.api("POST", `/tasks/${first.id}/claim`, { worker: "ann@laptop" });
  await inColumn(page, "In flight", "Write the parser").waitFor();
  await card(page, "Write the parser").getByText("ann@laptop").waitFor();
  await visit.api("POST", `/tasks/${first.id}/done`, { worker: "ann@laptop" });
  await inColumn(page, "Done", "Write the parser").waitFor();
  await card(page, "Test the parser").getByText("waits for").waitFor({ state: "detached" });
}

/// What is legal stays where it was dropped; what is not snaps back, and the legal moves are named.
export async function drag(visit) {
  const { page } = visit;
  const [task] = await add(visit, { title: "Carry me", status: "inbox" });
  await openBoard(visit);
  visit.expect("409");
  await card(page, "Carry me").dragTo(column(page, "Ready"));
  await inColumn(page, "Ready", "Carry me").waitFor();
  await until("the service knows", async () => (await statusOf(visit, task.id)) === "ready");
  await card(page, "Carry me").dragTo(column(page, "Review"));
  await page.getByText("cannot go from Ready to Review").waitFor();
  await page.getByText("from there it can go to: Inbox, Planning").waitFor();
  await inColumn(page, "Ready", "Carry me").waitFor();
  assert.equal(await statusOf(visit, task.id), "ready");
  await visit.inspect("board-refused");
  await card(page, "Carry me").dragTo(column(page, "Blocked"));
  await page.getByLabel("Why nobody is to work on it").fill("the key is lost");
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await card(page, "Carry me").getByText("the key is lost").waitFor();
  await until("the service knows", async () => (await statusOf(visit, task.id)) === "blocked");
}

/// Everything without a mouse.
export async function keyboard(visit) {
  const { page } = visit;
  const made = await add(visit, { title: "One", status: "inbox", priority: "urgent" }, { title: "Two", status: "inbox" },
    { title: "Three", status: "ready" });
  await openBoard(visit);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await inColumn(page, "Inbox", "One").focus();
  await page.keyboard.press("ArrowDown");
  await until("Two has the focus", async () => (await focused()) === "Two");
  await page.keyboard.press("ArrowRight");
  await until("Three has the focus", async () => (await focused()) === "Three");
  await page.keyboard.press("ArrowLeft");
  await until("One has the focus", async () => (await focused()) === "One");
  await page.keyboard.press("m");
  await page.getByRole("menu", { name: "Actions for One" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Ready" }).count(), 1);
  for (const refused of ["In flight", "Review"])
    assert.equal(await page.getByRole("menuitem", { name: refused }).count(), 0, `${refused} is not offered`);
  await visit.inspect("board-menu");
  await page.keyboard.press("r");
  await page.keyboard.press("Enter");
  await inColumn(page, "Ready", "One").waitFor();
  await until("the service knows", async () => (await statusOf(visit, made[0].id)) === "ready");
  await inColumn(page, "Inbox", "Two").focus();
  await page.keyboard.press("m");
  await page.keyboard.press("Escape");
  await until("the focus is back", async () => (await focused()) === "Two");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Two" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/// The same to many; those that refuse stay selected, with the reason.
export async function selection(visit) {
  const { page } = visit;
  const made = await add(visit, { title: "One", status: "inbox" }, { title: "Two", status: "inbox" }, { title: "Three", status: "review" });
  await openBoard(visit);
  for (const title of ["One", "Two", "Three"]) await page.getByLabel(`Select ${title}`, { exact: true }).check();
  await page.getByRole("toolbar", { name: "Selected tasks" }).getByText("3 tasks selected").waitFor();
  await visit.inspect("board-selected");
  await page.getByLabel("Move to …").selectOption("planning");
  await page.getByText("1 task not changed").waitFor();
  await inColumn(page, "Planning", "One").waitFor();
  await inColumn(page, "Planning", "Two").waitFor();
  await inColumn(page, "Review", "Three").waitFor();
  await page.getByText("1 task selected").waitFor();
  await page.getByLabel("Priority …").selectOption("urgent");
  await until("it is urgent", async () => (await visit.api("GET", `/tasks/${made[2].id}`)).priority === "urgent");
  await page.getByRole("toolbar").waitFor({ state: "detached" });
}

/// Conditions stand in the address, and come from there.
export async function filters(visit) {
  const { page } = visit;
  await add(visit, { title: "Parse dates", status: "ready", labels: ["core"] }, { title: "Paint the door", status: "ready", priority: "low" });
  await openBoard(visit, "?search=parse");
  await inColumn(page, "Ready", "Parse dates").waitFor();
  await page.getByText("1 task", { exact: true }).waitFor();
  assert.equal(await inColumn(page, "Ready", "Paint the door").count(), 0);
  await page.getByRole("button", { name: "Show all" }).click();
  await inColumn(page, "Ready", "Paint the door").waitFor();
  assert.equal(new URL(page.url()).hash, "#/board");
  await page.getByLabel("Priority", { exact: true }).selectOption("low");
  await page.getByText("1 task", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).hash, "#/board?priority=low");
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByLabel("Label", { exact: true }).fill("core");
  await inColumn(page, "Ready", "Paint the door").waitFor({ state: "detached" });
  await until("the address has it", () => new URL(page.url()).hash === "#/board?label=core");
}

/// A new task by form; one that is changed meanwhile is not overwritten.
export async function forms(visit) {
  const { page } = visit;
  await openBoard(visit);
  await page.getByRole("button", { name: "Add a task" }).click();
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Sharpen the pencils");
  await page.getByLabel("What is to be done, and why").fill("They are blunt.");
  await page.getByLabel("Column").selectOption("ready");
  await page.getByLabel("Labels, with commas").fill("desk, monday");
  await visit.inspect("board-add");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await inColumn(page, "Ready", "Sharpen the pencils").click();
  const dialog = page.getByRole("dialog", { name: "Sharpen the pencils" });
  await dialog.getByText("They are blunt.").waitFor();
  await visit.inspect("board-details");
  const [task] = (await visit.api("GET", "/tasks")).tasks;
  assert.deepEqual(task.labels, ["desk", "monday"]);
  await dialog.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Sharpen all pencils");
  await visit.api("PATCH", `/tasks/${task.id}`, { priority: "urgent" });
  visit.expect("412");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("somebody has changed this task meanwhile").waitFor();
  assert.equal((await visit.api("GET", `/tasks/${task.id}`)).title, "Sharpen the pencils");
}

/// What was done by mistake is taken back where it is told.
export async function undo(visit) {
  const { page } = visit;
  const [task] = await add(visit, { title: "Keep me", status: "ready" });
  await openBoard(visit);
  for (const entry of ["Remove", "Drop …"]) {
    await page.getByRole("button", { name: "Actions for Keep me" }).click();
    await page.getByRole("menuitem", { name: entry }).click();
    if (entry === "Drop …") await page.getByRole("button", { name: "Drop", exact: true }).click();
    await inColumn(page, "Ready", "Keep me").waitFor({ state: "detached" });
    await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
    await inColumn(page, "Ready", "Keep me").waitFor();
  }
  assert.equal(await statusOf(visit, task.id), "ready");
}

/// Few cards are in the page, however many there are, and each can be reached.
export async function many(visit) {
  const { page } = visit;
  await openBoard(visit);
  await page.getByText(`${visit.facts.count} tasks`).waitFor();
  await until("cards are there", async () => (await page.locator(".card").count()) > 0);
  assert.ok((await page.locator(".card").count()) <= 150);
  const order = (await visit.api("GET", "/tasks?status=ready&view=card&limit=200")).tasks.map((task) => task.title);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await inColumn(page, "Ready", order[0]).focus();
  for (let presses = 0; presses < 20; presses += 1) await page.keyboard.press("ArrowDown");
  await until("card 20 has the focus", async () => (await focused()) === order[20]);
  // Further down they are loaded first.
  await until("card 60 has the focus", async () => {
    if ((await focused()) === order[60]) return true;
    await page.keyboard.press("ArrowDown");
    return false;
  });
  assert.ok((await page.locator(".card").count()) <= 150);
  await page.keyboard.press("Home");
  await until("the first card has the focus", async () => (await focused()) === order[0]);
}

/// How many a column is to hold is kept in the browser, and said where there are more.
export async function limits(visit) {
  const { page } = visit;
  await add(visit, { title: "One", status: "ready" }, { title: "Two", status: "ready" });
  await openBoard(visit);
  await inColumn(page, "Ready", "Two").waitFor();
  const ready = column(page, "Ready");
  await ready.getByLabel("Limit of Ready").fill("1");
  await ready.getByLabel("Limit of Ready").press("Enter");
  await ready.getByText("2 of 1 (over the limit)").waitFor();
  await visit.inspect("board-limit");
  await page.reload();
  await ready.getByText("2 of 1 (over the limit)").waitFor();
  assert.equal(await page.getByText("over the limit").count(), 1, "no other column has one");
  await ready.getByLabel("Limit of Ready").fill("2");
  await ready.getByLabel("Limit of Ready").press("Enter");
  await ready.getByText("2 of 2", { exact: true }).waitFor();
  await ready.getByLabel("Limit of Ready").fill("");
  await ready.getByLabel("Limit of Ready").press("Enter");
  await ready.getByText("of 2").waitFor({ state: "detached" });
}

/// A queue that is held by a cap of the repository says so on each card that is ready.
export async function capped(visit) {
  const { page } = visit;
  await add(visit, { title: "Wait for tomorrow", status: "ready" });
  await openBoard(visit);
  await card(page, "Wait for tomorrow").getByText("the cap of $0.01 for this repository today is reached", { exact: true }).waitFor();
  await visit.inspect("board-capped");
}
