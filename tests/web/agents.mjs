// Sub-agents and skills: looked at, made by form and by file, changed, removed.

import assert from "node:assert/strict";

const field = (page, name) => page.getByRole("textbox", { name: new RegExp(`^${name}`) });

async function addAgent(visit) {
  const { page } = visit;
  await page.getByRole("button", { name: "New sub-agent" }).click();
  await field(page, "name").fill("reader");
  await field(page, "description").fill("Reads <b>all</b>");
  await visit.inspect("agent-form");
  visit.expect("422");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator(".notice.problem").getByText("has no instructions").waitFor();
  await page.locator(".notice.problem").getByRole("button", { name: "Close" }).click();
  await field(page, "instructions").fill("Read it.");
  await field(page, "skills").fill("question-asking");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("reader is there.").waitFor();
  await page.getByText("6 sub-agents").waitFor();
}

export async function agents(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/changelings");
  await page.getByRole("link", { name: "Agents and skills" }).click();
  await page.getByText("5 sub-agents").waitFor();
  await page.getByText("1 skill", { exact: true }).waitFor();
  await visit.inspect("agents");
  await addAgent(visit);
  await page.getByText("Reads <b>all</b>").waitFor();
  await page.getByRole("link", { name: "reader" }).click();
  await field(page, "working_directory").fill("docs");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("reader is saved.").waitFor();
  await page.getByRole("link", { name: "planning" }).click();
  await field(page, "instructions").waitFor();
  assert.equal(await page.getByRole("button", { name: "Remove this sub-agent" }).count(), 0, "it is built in");
}

async function addByFile(page, label, files) {
  await page.getByRole("button", { name: "New skill" }).click();
  await page.getByLabel(label).setInputFiles(files);
}

export async function skills(visit) {
  const { page } = visit;
  await visit.logIn();
  await visit.open("/agents");
  await page.getByText("1 skill", { exact: true }).waitFor();
  await page.getByRole("button", { name: "New skill" }).click();
  await field(page, "name").fill("greet");
  await field(page, "description").fill("How to greet");
  await field(page, "instructions").fill("Say hello.");
  await visit.inspect("skill-form");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("2 skills", { exact: true }).waitFor();
  const text = "---\nname: review\ndescription: How to review\n---\n\nLook.\n";
  await addByFile(page, "Or SKILL.md alone", { name: "anything.md", mimeType: "text/markdown", buffer: Buffer.from(text) });
  await page.getByText("3 skills", { exact: true }).waitFor();

  await page.getByRole("link", { name: "review", exact: true }).click();
  await page.getByLabel("SKILL.md", { exact: true }).getByText("Look.").waitFor();
  await visit.inspect("skill");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  assert.equal(await field(page, "instructions").inputValue(), "Look.\n");
  await field(page, "instructions").fill("Look twice.\n");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("review is saved.").waitFor();
  await page.getByRole("link", { name: "greet" }).click();
  await page.getByRole("button", { name: "Remove this skill" }).click();
  await page.getByText("greet is removed.").waitFor();
  await page.getByText("2 skills", { exact: true }).waitFor();
}
