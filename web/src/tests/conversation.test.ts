import assert from "node:assert/strict";
import { test } from "node:test";
import { stepsOf } from "../pages/run/conversation";

const said = (content: unknown[]) => JSON.stringify({ type: "assistant", message: { content } });
const answered = (content: unknown[]) => JSON.stringify({ type: "user", message: { content } });

test("a call and its answer are one step, between what was said", () => {
  const steps = stepsOf([
    said([
      { type: "text", text: "I look." },
      { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls\nwc" } },
    ]),
    answered([{ type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "README.md" }], is_error: true }]),
    said([{ type: "text", text: "Done." }]),
    JSON.stringify({ type: "result", subtype: "success", result: "Done." }),
  ]);
  assert.deepEqual(
    steps.map((one) => [one.kind, one.title]),
    [
      ["text", "I look."],
      ["tool", "Bash: ls"],
      ["text", "Done."],
      ["result", "success"],
    ],
  );
  assert.equal(steps[1]!.answer, "README.md");
  assert.equal(steps[1]!.isError, true);
});

test("what is no step, or is not whole yet, is left out", () => {
  assert.deepEqual(stepsOf(["plain text", "{", "[]", '{"type":"system"}', '{"type":"assistant","message":3}', '{"type":"assi']), []);
});

test("foreign shapes of a call do no harm", () => {
  const steps = stepsOf([said([{ type: "tool_use", name: "Odd", input: "text" }, null, 3])]);
  assert.deepEqual(steps, [{ kind: "tool", title: "Odd", details: '"text"', answer: "", isError: false }]);
});
