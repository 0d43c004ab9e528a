import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileDifference, isFoldedAtFirst, remarksOn, rowsOf, titleOf } from "../pages/review/rows";

const file: FileDifference = {
  path: "a.txt", old_path: "a.txt", change: "modified", added: 1, deleted: 0, binary: false, generated: false, cut: false,
  hunks: [{
    old_start: 1, old_lines: 0, new_start: 1, new_lines: 1, section: "",
    lines: [{ kind: "added", old: null, new: 1, text: "one", cut: false, line_end: false }],
  }],
};

test("a file's rows are its hunks, lines and what is to be said of them", () => {
  const rows = rowsOf([file, { ...file, path: "b.txt", cut: true }], () => undefined);
  assert.deepEqual(rows.map((row) => row.kind), ["file", "hunk", "line", "note", "file", "hunk", "line", "note", "note"]);
  assert.deepEqual(rows[1], { kind: "hunk", text: "@@ -1,0 +1,1 @@" });
  assert.deepEqual(rows.at(-1), { kind: "note", text: "There is more.", loads: "b.txt" });
});

test("what nobody reads is folded, unless somebody opens it", () => {
  for (const folded of [{ generated: true }, { binary: true }, { added: 300, deleted: 101 }]) {
    assert.equal(isFoldedAtFirst({ ...file, ...folded }), true);
    assert.equal(rowsOf([{ ...file, ...folded }], () => undefined).length, 1);
    assert.ok(rowsOf([{ ...file, ...folded }], () => true).length > 1);
  }
  assert.equal(isFoldedAtFirst({ ...file, added: 400 }), false);
  assert.equal(rowsOf([file], () => false).length, 1);
});

test("a file that has moved names both places", () => {
  assert.equal(titleOf({ ...file, change: "renamed", old_path: "old.txt" }), "old.txt → a.txt");
  assert.equal(remarksOn({ ...file, change: "added", generated: true }), "added, generated");
  assert.equal(remarksOn(file), "");
});
