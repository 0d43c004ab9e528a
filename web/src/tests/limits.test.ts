import assert from "node:assert/strict";
import { test } from "node:test";

const kept = new Map<string, string>([["changeling-column-limits", '{"review": 2}']]);
let isFull = false;
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (isFull) throw new Error("full");
      kept.set(key, value);
    },
  },
});
const { isOver, limitOf, setLimit } = await import("../pages/board/limits");

test("a column holds as many as somebody has said, and any number before that", () => {
  assert.equal(limitOf("review"), 2);
  assert.deepEqual([isOver("review", 2), isOver("review", 3)], [false, true]);
  assert.deepEqual([limitOf("ready"), isOver("ready", 1000)], [0, false]);
});

test("a limit is kept in the browser, and what is none takes it away", () => {
  setLimit("ready", 3);
  assert.equal(limitOf("ready"), 3);
  assert.deepEqual(JSON.parse(kept.get("changeling-column-limits")!), { review: 2, ready: 3 });
  for (const nonsense of [0, -1, 1.5, Number.NaN]) {
    setLimit("ready", 3);
    setLimit("ready", nonsense);
    assert.equal(limitOf("ready"), 0);
  }
});

test("where nothing can be kept a limit holds until the page is closed", () => {
  isFull = true;
  setLimit("done", 5);
  assert.equal(limitOf("done"), 5);
});
