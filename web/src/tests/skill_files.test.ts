import assert from "node:assert/strict";
import { test } from "node:test";
import { instructionsOf, nameIn, pathInSkill } from "../pages/agents/skill_files";

test("a skill's paths begin inside the folder that was chosen, without hidden files", () => {
  assert.equal(pathInSkill("review/SKILL.md"), "SKILL.md");
  assert.equal(pathInSkill("review/scripts/run.sh"), "scripts/run.sh");
  assert.equal(pathInSkill("review/.git/config"), null);
  assert.equal(pathInSkill("SKILL.md"), null);
});

test("the name and the instructions are told from the text", () => {
  const text = "---\r\nname: \"review\"\r\ndescription: x\r\n---\r\n\r\nLook.\n---\nname: other\n";
  assert.equal(nameIn(text), "review");
  assert.equal(instructionsOf(text), "Look.\n---\nname: other\n");
  assert.equal(nameIn("Look.\nname: review\n"), "");
  assert.equal(instructionsOf("Look.\n"), "Look.\n");
});
