// Changelings and roles.

import assert from "node:assert/strict";

export async function changeling(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/changelings");
  await page.getByText("1 changeling", { exact: true }).waitFor();
  await page.getByRole("button", { name: "New changeling" }).click();
  await page.getByLabel("Name, such as").fill("Bad Name");
  await page.getByLabel("Command line").fill("true");
  visit.expect("422");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  // What went wrong is told where it can be read and closed: in the dialog.
  await page.getByRole("dialog").locator(".notice.problem").getByRole("button", { name: "Close" }).click();
  await page.getByLabel("Name, such as").fill("added");
  await visit.inspect("changeling-new");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("added is there.").waitFor();
  await page.getByText("not trusted").waitFor();
  visit.expect("409");
  await page.getByRole("button", { name: "Run now" }).click();
  await page.locator(".notice.problem").waitFor();
  await page.locator(".notice.problem").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await page.getByText("added is removed.").waitFor();
  await visit.inspect("changelings");

  await page.getByRole("link", { name: "fixer", exact: true }).click();
  await page.getByText("It never ran here.").waitFor();
  await page.getByRole("heading", { name: "Next times" }).waitFor();
  await page.getByText(/^in \d+ h$|^in \d+ d$/).first().waitFor();
  await visit.inspect("changeling");
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("textbox", { name: /^description/ }).fill("Mends <b>words</b>");
  await page.getByRole("textbox", { name: /^path/ }).fill("*.md\n\n docs/**");
  visit.expect("422");
  await page.getByRole("textbox", { name: /^schedule/ }).fill("61 4 * * 1");
  await page.locator(".wrong").getByText("61").waitFor();
  await page.getByRole("textbox", { name: /^schedule/ }).fill("30 4 * * 1");
  await page.getByText(/^next: Mon +\d+ \w+ 04:30 .*, Mon .*, Mon .*$/).waitFor();
  const timeout = page.locator(".field").filter({ has: page.getByRole("textbox", { name: /^timeout/ }) });
  await timeout.getByLabel("back to the default").check();
  await page.getByRole("textbox", { name: /^max_turns/ }).fill("many");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText('max_turns: "many" is no whole number').waitFor();
  await page.getByRole("textbox", { name: /^max_turns/ }).fill("7");
  await visit.inspect("changeling-form");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("fixer is saved.").waitFor();
  await page.getByText("Mends <b>words</b>", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByText("fixer is disabled.").waitFor();
  await page.getByText("disabled", { exact: true }).waitFor();
  await page.getByText("No schedule starts it").waitFor();
  await page.getByRole("button", { name: "Enable" }).click();
  await page.getByText("fixer is enabled.").waitFor();
  await page.getByText("disabled", { exact: true }).waitFor({ state: "detached" });
  await page.getByText("No schedule starts it").waitFor({ state: "detached" });
  const { digest } = (await visit.api("GET", "/trust")).approvals.find((one) => one.name === "fixer");
  await visit.api("POST", "/trust", { name: "fixer", digest });
  await page.getByRole("button", { name: "Run now" }).click();
  await page.getByRole("heading", { name: "Output" }).waitFor();
  assert.match(new URL(page.url()).hash, /^#\/run\/\w+$/);
  await page.getByText("opened-pr", { exact: true }).waitFor();
}

/// Where it is deployed, and in its history the starts that did not come about, as they come.
export async function history(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/changelings/night");
  const rows = page.getByRole("list", { name: "History" }).getByRole("listitem");
  await rows.filter({ hasText: "no-changes" }).waitFor();
  const skipped = rows.filter({ hasText: "skipped" });
  await skipped.getByText("not trusted").waitFor();
  await skipped.getByText("retry", { exact: true }).waitFor();
  assert.equal(await rows.count(), 2);
  assert.match(await rows.first().textContent(), /skipped/, "the newest stands first");
  const deployed = page.getByRole("heading", { name: "Deployed" }).locator("..");
  await deployed.getByText("github-actions", { exact: true }).waitFor();
  await deployed.getByText("by Test Person").waitFor();
  await visit.inspect("changeling-history");
  await visit.open("/changelings/other");
  await page.getByText("It never ran here.").waitFor();
  assert.equal(await page.getByRole("heading", { name: "Deployed" }).count(), 0);
}

export async function meanwhile(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/changelings/fixer");
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("textbox", { name: /^description/ }).fill("Mine");
  await visit.api("PATCH", "/changelings/fixer", { description: "Made by another" });
  visit.expect("412");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".notice.problem").waitFor();
  assert.equal(await page.getByRole("textbox", { name: /^description/ }).inputValue(), "Mine", "what was typed stays");
}

/// What was typed is there again after the form was left, and gone once it was saved or given up.
export async function drafts(visit) {
  const { page } = visit;
  await visit.logIn();
  const openRole = async () => {
    await visit.open("/roles");
    await page.getByRole("button", { name: "New role" }).click();
  };
  const name = page.getByRole("textbox", { name: /^name/ });
  await openRole();
  await name.fill("half");
  await visit.open("/board");
  await page.getByText("0 tasks").waitFor();
  await page.getByRole("button", { name: "Add a task" }).click();
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Half a <b>thought");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.getByRole("button", { name: "Add a task" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Title", exact: true }).inputValue(), "Half a <b>thought");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("1 task", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Add a task" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Title", exact: true }).inputValue(), "");
  await page.keyboard.press("Escape");
  await openRole();
  assert.equal(await name.inputValue(), "half");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "New role" }).click();
  assert.equal(await name.inputValue(), "");
}

export async function roles(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/changelings");
  await page.getByRole("link", { name: "Roles" }).click();
  await page.getByText("0 roles").waitFor();
  await page.getByRole("button", { name: "New role" }).click();
  await page.getByRole("textbox", { name: /^name/ }).fill("writer");
  await page.getByRole("textbox", { name: /^run/ }).fill("make");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("writer is there.").waitFor();
  await visit.inspect("roles");
  await page.getByRole("link", { name: "writer" }).click();
  await page.getByRole("textbox", { name: /^run/ }).fill("make docs");
  await page.getByRole("textbox", { name: /^accept/ }).fill("file:README.md");
  await visit.inspect("role");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("writer is saved.").waitFor();
}
