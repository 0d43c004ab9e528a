import assert from "node:assert/strict";
import { test } from "node:test";
import { type Entry, joined, newest, queuedIn, type Step, type Turn, turnsOf } from "../pages/run/conversation";

const entry = (kind: Entry["kind"], more: Partial<Entry> = {}): Entry => ({
  kind,
  tool_use: "",
  name: "",
  text: "",
  inside: "",
  error: false,
  cut: false,
  time: null,
  ...more,
});

const turn = (id: string, ...entries: Entry[]): Turn => ({ id, entries });

/// The steps of one turn.
function stepsOf(entries: Entry[]): Step[] {
  return turnsOf([turn("m1", ...entries)], true)[0]!.steps;
}

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

test("turns are counted, what came before the first is not one, and each has the time of its first step with one", () => {
  const at = "2026-11-30T12:00:00.000Z";
  const shown = turnsOf(
    [
      turn("", entry("output", { text: "warning" })),
      turn("m1", entry("text", { text: "a" }), entry("tool", { tool_use: "t1", name: "Bash", text: "{}" }),
        entry("result", { tool_use: "t1", time: at })),
      turn("m2", entry("text", { text: "b" })),
    ],
    true,
  );
  assert.deepEqual(shown.map((one) => [one.title, one.time, one.steps.length]), [["", null, 1], ["Turn 1", at, 2], ["Turn 2", null, 1]]);
});

test("turns of which only the newest are here are not counted", () => {
  assert.deepEqual(turnsOf([turn("m8"), turn("m9")], false).map((one) => one.title), ["Turn", "Turn"]);
});

test("an answer that comes in a later turn belongs to its call", () => {
  const [first, second] = turnsOf(
    [turn("m1", entry("tool", { tool_use: "t1", name: "Task", text: "{}" })), turn("m2", entry("result", { tool_use: "t1", text: "done" }))],
    true,
  );
  assert.equal(first!.steps[0]!.answer, "done");
  assert.deepEqual(second!.steps, []);
});

test("what comes later may be the rest of the last turn", () => {
  const a = entry("text", { text: "a" });
  const b = entry("text", { text: "b" });
  const before = [turn("m1", a)];
  assert.deepEqual(joined(before, [turn("", b), turn("m2", a)]), [turn("m1", a, b), turn("m2", a)]);
  assert.deepEqual(joined(before, [turn("m1", b)]), [turn("m1", a, b)]);
  assert.deepEqual(joined(before, [turn("m2", b)]), [turn("m1", a), turn("m2", b)]);
  assert.deepEqual(joined([], [turn("", b)]), [turn("", b)]);
  assert.deepEqual(joined(before, []), before);
});

test("of many steps the newest are shown, with the turns that they are of", () => {
  const turns = turnsOf([turn("m1", entry("text", { text: "a" })), turn("m2", entry("text", { text: "b" }), entry("text", { text: "c" }))], true);
  const titles = (most: number) => newest(turns, most).map((one) => [one.title, ...one.steps.map((step) => step.title)]);
  assert.deepEqual(titles(1), [["Turn 2", "c"]]);
  assert.deepEqual(titles(2), [["Turn 2", "b", "c"]]);
  assert.deepEqual(titles(3), [["Turn 1", "a"], ["Turn 2", "b", "c"]]);
});

test("what is said to an agent at work is queued until its turn has ended", () => {
  const message = entry("message", { text: "hurry" });
  const queued = (...turns: Turn[]) => queuedIn(turnsOf(turns, true)).map((step) => step.title);
  const busy = turn("m1", entry("text", { text: "a" }), message, entry("text", { text: "b" }));
  assert.deepEqual(queued(busy), ["hurry"]);
  assert.deepEqual(queued(busy, turn("m2", entry("end"))), []);
  assert.deepEqual(queued(turn("m1", entry("text"), entry("end"), message)), [], "an agent at rest takes it at once");
  assert.deepEqual(queued(turn("", message)), []);
});

test("an agent that prints no turns has no message queued", () => {
  const steps = stepsOf([entry("output", { text: "ready" }), entry("message", { text: "go" })]);
  assert.deepEqual(steps.map((step) => step.isQueued), [false, false]);
});
