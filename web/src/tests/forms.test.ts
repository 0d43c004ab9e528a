import assert from "node:assert/strict";
import { test } from "node:test";
import { changesIn, type Field, textsOf, valueOf } from "../form_values";
import { changelingGroups } from "../pages/changelings/groups";
import { changelingFields } from "../../generated/fields";

const field = (name: string, type: Field["type"]): Field => ({ name, type, help: "", choices: [] });
const fields = [field("run", "string"), field("path", "array"), field("env", "object"), field("budget", "number"),
  field("turns", "integer"), field("draft", "boolean")];

test("only what was changed is saved, as what it is", () => {
  const before = textsOf(fields, { run: "make", path: ["a", "b"], env: { A: "1" }, budget: 2.5, turns: 3, draft: false });
  assert.deepEqual(before, { run: "make", path: "a\nb", env: "A=1", budget: "2.5", turns: "3", draft: "" });
  assert.deepEqual(changesIn(fields, before, before), {});
  const now = { run: "make all", path: " a \n\nc", env: "A=1=2\nB=", budget: "0.5", turns: "4", draft: "true" };
  assert.deepEqual(changesIn(fields, before, now), {
    run: "make all", path: ["a", "c"], env: { A: "1=2", B: "" }, budget: 0.5, turns: 4, draft: true,
  });
});

test("a text that is no value names its field", () => {
  assert.throws(() => valueOf(field("turns", "integer"), "1.5"), /turns: "1.5" is no whole number/);
  assert.throws(() => valueOf(field("budget", "number"), ""), /budget: "" is no number/);
  assert.throws(() => valueOf(field("env", "object"), "nothing"), /env: "nothing" is not NAME=VALUE/);
});

test("every field of a changeling is in the form once, and says what it is", () => {
  const shown = changelingGroups.flatMap((group) => group.fields.map(({ name }) => name));
  assert.deepEqual([...shown].sort(), changelingFields.map(({ name }) => name).sort());
  assert.ok(changelingFields.length >= 30);
  for (const { name, help } of changelingFields) assert.notEqual(help, "", name);
});
