import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesFor, toldAtFirst } from "../notification_rules";
import type { Need } from "../pages/needs_you/kinds";

const failed = (run: string): Need => ({
  kind: "run-failed", subject: run, changeling: "fixer", text: `fixer has failed: \u202e${run}`, since: "2026-11-20T03:00:00Z",
  settle: `git changeling retry ${run}`,
});
const halted: Need = { kind: "halt", subject: "", changeling: null, text: "off", since: null, settle: "" };
const tags = (of: { messages: { tag: string }[] }) => of.messages.map(({ tag }) => tag);

test("what waits already is not told, what comes is told once and leads to where it is settled", () => {
  const before = toldAtFirst([failed("a")]);
  const first = messagesFor([failed("a"), failed("b")], before, 0);
  assert.deepEqual(first.messages, [{
    tag: "run-failed b 2026-11-20T03:00:00Z", title: "Failed", text: "fixer has failed: \\u{202e}b", link: "#/run/b",
  }]);
  const gone = messagesFor([failed("a")], first.told, 1);
  const again = messagesFor([failed("a"), failed("b")], gone.told, 2);
  assert.deepEqual([gone.messages, again.messages], [[], []]);
  assert.equal(messagesFor([halted], again.told, 3).messages[0]?.link, "#/");
});

test("after three of a kind within an hour the rest is one message, and holds no other kind back", () => {
  const five = ["a", "b", "c", "d", "e"].map(failed);
  const first = messagesFor([...five, halted], toldAtFirst([]), 0);
  assert.equal(first.messages.length, 5);
  assert.deepEqual(tags(first).slice(0, 3).map((tag) => tag.slice(0, 12)), ["run-failed a", "run-failed b", "run-failed c"]);
  assert.deepEqual(first.messages[4], { tag: "more run-failed", title: "Failed", text: "2 more things within the hour", link: "#/" });
  const more = messagesFor([...five, failed("f")], first.told, 1_000);
  assert.deepEqual(more.messages.map(({ text }) => text), ["3 more things within the hour"]);
  const later = messagesFor([failed("g")], more.told, 3_600_001);
  assert.deepEqual(tags(later), ["run-failed g 2026-11-20T03:00:00Z"]);
});
