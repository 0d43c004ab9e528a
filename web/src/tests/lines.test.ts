import assert from "node:assert/strict";
import { test } from "node:test";
import { fromWholeLine, lineAt, linesOf, linesWith } from "../pages/run/lines";

test("each line knows the byte at which it begins", () => {
  assert.deepEqual(linesOf("one\nzwölf\n\nend", 100), [
    { at: 100, text: "one" },
    { at: 104, text: "zwölf" },
    { at: 111, text: "" },
    { at: 112, text: "end" },
  ]);
  assert.deepEqual(linesOf("", 7), []);
});

test("a part that begins within a line goes on with the next one", () => {
  assert.equal(fromWholeLine("lf of it\nwhole\n"), "whole\n");
  assert.equal(fromWholeLine("one long line"), null);
  assert.equal(fromWholeLine("one long line\n"), null);
});

test("a byte is found in the line that has it", () => {
  const lines = linesOf("one\ntwo\nthree\n", 10);
  assert.equal(lineAt(lines, 9), -1);
  assert.equal(lineAt(lines, 10), 0);
  assert.equal(lineAt(lines, 13), 0);
  assert.equal(lineAt(lines, 14), 1);
  assert.equal(lineAt(lines, 999), 2);
});

test("words are found whatever their case", () => {
  assert.deepEqual(linesWith(linesOf("Error: x\nfine\nno error\n", 0), "ERROR"), [0, 2]);
  assert.deepEqual(linesWith(linesOf("a\nb\n", 0), ""), []);
});
