import assert from "node:assert/strict";
import { test } from "node:test";
import { type Entry, stepsOf } from "../pages/run/conversation";

const entry = (kind: Entry["kind"], more: Partial<Entry> = {}): Entry => ({
  kind,
  tool_use: "",
  name: "",
  text: "",
  inside: "",
  error: false,
  cut: false,
  ...more,
});

test("a call and its answer are one step, between what was said", () => {
  const steps = stepsOf([
    entry("text", { text: "I look." }),
    entry("tool", { tool_use: "t1", name: "Bash", text: '{"command": "ls\\nwc"}' }),
    entry("result", { tool_use: "t1", text: "README.md", error: true }),
    entry("message", { text: "message from ann: hurry" }),
    entry("end", { name: "success", text: "Done." }),
  ]);
  assert.deepEqual(
    steps.map((one) => [one.kind, one.title]),
    [
      ["text", "I look."],
      ["tool", "Bash: ls"],
      ["message", "message from ann: hurry"],
      ["end", "success"],
    ],
  );
  assert.equal(steps[1]!.answer, "README.md");
  assert.equal(steps[1]!.isError, true);
  assert.equal(steps[1]!.details, '{\n  "command": "ls\\nwc"\n}');
  assert.equal(steps[3]!.details, "Done.");
});

test("a refused call says so, and an answer without its call is left out", () => {
  const steps = stepsOf([
    entry("result", { tool_use: "before", text: "cut away" }),
    entry("tool", { tool_use: "t1", name: "Write", text: "{}" }),
    entry("refused", { tool_use: "t1", name: "Write", error: true }),
  ]);
  assert.deepEqual(steps.map((one) => [one.title, one.answer, one.isError]), [["Write", "It was not allowed to.", true]]);
});

test("input that is cut, or of another shape, is shown as it is", () => {
  const steps = stepsOf([
    entry("tool", { name: "Long", text: '{"command": "begi', cut: true }),
    entry("tool", { name: "Odd", text: '"text"' }),
    entry("tool", { name: "List", text: "[1]", inside: "t0" }),
  ]);
  assert.deepEqual(
    steps.map((one) => [one.title, one.details, one.isInside]),
    [
      ["Long", '{"command": "begi', false],
      ["Odd", "text", false],
      ["List", "[\n  1\n]", true],
    ],
  );
});

test("lines that are printed besides stand where they came, those that follow each other together", () => {
  const steps = stepsOf([
    entry("output", { text: "ready" }),
    entry("output", { text: "steady" }),
    entry("message", { text: "go" }),
    entry("output", { text: "gone" }),
  ]);
  assert.deepEqual(steps.map((step) => [step.kind, step.title]), [["printed", "ready\nsteady"], ["message", "go"], ["printed", "gone"]]);
});
