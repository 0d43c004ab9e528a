import assert from "node:assert/strict";
import { test } from "node:test";
import { commentsIn, isEmpty, nothing, reviewsIn } from "../pages/review/draft_review";
import { keyOf, nameOf, placeOf, placesOfLine, rowsOfText, shownKeys, type Thread } from "../pages/review/places";
import { type FileDifference, rowsOf } from "../pages/review/rows";

const file: FileDifference = {
  path: "new.txt", old_path: "old.txt", change: "renamed", added: 1, deleted: 1, binary: false, generated: true, cut: false,
  hunks: [{
    old_start: 1, old_lines: 2, new_start: 1, new_lines: 2, section: "",
    lines: [
      { kind: "context", old: 1, new: 1, text: "same", cut: false, line_end: true },
      { kind: "deleted", old: 2, new: null, text: "before", cut: false, line_end: true },
      { kind: "added", old: null, new: 2, text: "after", cut: false, line_end: true },
    ],
  }],
};
const thread: Thread = {
  id: "a-1", author: "Ada <a@example.com>", written_at: "2026-01-01T00:00:00.000Z", head: "1", file: "new.txt", line: 2,
  side: "new", text: "?", replies: [], now: { file: "new.txt", line: 2 }, resolved_by: null, resolved_at: null,
};

test("a comment is on the new side where there is one, and a removed line on the old one", () => {
  const first = file.hunks[0]!.lines.map((line) => placesOfLine(file, line)[0]);
  assert.deepEqual(first, [
    { file: "new.txt", line: 1, side: "new" },
    { file: "old.txt", line: 2, side: "old" },
    { file: "new.txt", line: 2, side: "new" },
  ]);
  assert.equal(nameOf(first[1]!), "old.txt, line 2 before the change");
});

test("boxes stand below their lines, and open a file that is folded", () => {
  const blocks = new Map([
    [keyOf({ file: "new.txt", line: null, side: "new" }), [{ key: "whole", rows: 1 }]],
    [keyOf({ file: "old.txt", line: 1, side: "old" }), [{ key: "one", rows: 3 }, { key: "two", rows: 2 }]],
  ]);
  const kinds = rowsOf([file], () => undefined, blocks).map((row) => (row.kind === "block" ? row.block.key : row.kind));
  assert.deepEqual(kinds, ["file", "whole", "hunk", "line", "one", "spare", "spare", "two", "spare", "line", "line"]);
  assert.equal(rowsOf([file], () => false, blocks).length, 1);
  assert.equal(rowsOf([file], () => undefined).length, 1);
});

test("a thread that is at no line that is shown is known", () => {
  const shown = shownKeys([file]);
  assert.equal(shown.has(keyOf(placeOf(thread)!)), true);
  assert.equal(shown.has(keyOf({ file: "new.txt", line: 3, side: "new" })), false);
  assert.equal(placeOf({ ...thread, now: null }), null);
});

test("a box is as high as its text, up to a limit", () => {
  assert.equal(rowsOfText("one", 2), 3);
  assert.equal(rowsOfText(`${"x".repeat(61)}\nend`, 2), 5);
  assert.equal(rowsOfText("\n".repeat(100), 2), 16);
});

test("a draft is sent as one, and what was written on an earlier commit before it", () => {
  const comment = { file: "a", line: 3, side: "new" as const, text: "x", head: "now" };
  const review = { ...nothing, text: " all \n", comments: [comment, { ...comment, line: null }] };
  const sent = { verdict: "comment", text: "all", head: "now",
    comments: [{ file: "a", line: 3, side: "new", text: "x" }, { file: "a", side: "new", text: "x" }] };
  assert.deepEqual(reviewsIn(review, "now"), [sent]);
  const earlier = { ...comment, head: "before" };
  assert.deepEqual(reviewsIn({ ...review, comments: [earlier, ...review.comments] }, "now"),
    [{ verdict: "comment", text: "", head: "before", comments: [sent.comments[0]] }, sent]);
  const asks = reviewsIn({ ...nothing, verdict: "changes-requested", comments: [earlier] }, "now");
  assert.deepEqual(asks.map(({ head, verdict }) => [head, verdict]), [["before", "changes-requested"]]);
  assert.deepEqual(reviewsIn({ ...nothing, text: "x" }, "now").map(({ head }) => head), ["now"]);
  assert.equal(isEmpty({ ...nothing, text: " " }), true);
  assert.equal(isEmpty(review), false);
});

test("what is kept of a draft and is none is left out", () => {
  const comment = { file: "a", line: null, side: "old", text: "x", head: "1" };
  assert.deepEqual(commentsIn(JSON.stringify([comment, { ...comment, side: "left" }, null, 3, { file: "a" }])), [comment]);
  assert.deepEqual(commentsIn("{broken"), []);
  assert.deepEqual(commentsIn(undefined), []);
});
