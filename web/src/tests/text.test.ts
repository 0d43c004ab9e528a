import assert from "node:assert/strict";
import { test } from "node:test";
import { dollars, duration, plural, relative, visible, visibleLines } from "../text";

test("what would not be seen, or would turn the writing, is written out", () => {
  assert.equal(visible("a\u202eb"), "a\\u{202e}b");
  assert.equal(visible("\u001b[31mred"), "\\u{1b}[31mred");
  assert.equal(visible("a\u200bb\u00adc\u{e0041}"), "a\\u{200b}b\\u{ad}c\\u{e0041}");
  assert.equal(visible("\u2066x\u2069"), "\\u{2066}x\\u{2069}");
  assert.equal(visible("half \ud800"), "half \\u{d800}");
});

test("a value is one line, a text keeps its lines", () => {
  assert.equal(visible("one\r\ntwo\tthree"), "one two three");
  assert.equal(visibleLines("one\r\ntwo\tthree\r"), "one\ntwo\tthree\\u{d}");
});

test("joiners and selectors stay where emoji and scripts need them", () => {
  const family = "👩‍👩‍👧";
  assert.equal(visible(family), family);
  assert.equal(visible("❤️"), "❤️");
  assert.equal(visible(".\ufe0f"), ".\\u{fe0f}");
  assert.equal(visible("<b>plain</b>"), "<b>plain</b>");
});

test("times, amounts and counts are told in the largest unit that fits", () => {
  assert.equal(duration(59_000), "59 s");
  assert.equal(duration(3_600_000), "1 h");
  assert.equal(duration(90_000_000), "1 d");
  assert.equal(relative("2026-11-30T12:00:00Z", Date.parse("2026-11-30T12:03:00Z")), "3 min ago");
  assert.equal(relative("2026-11-30T12:03:00Z", Date.parse("2026-11-30T12:00:00Z")), "in 3 min");
  assert.equal(relative("nonsense", 0), "nonsense");
  assert.equal(dollars(1.5), "$1.50");
  assert.equal(dollars(0.0123), "$0.0123");
  assert.equal(plural(1, "task"), "1 task");
  assert.equal(plural(0, "task"), "0 tasks");
});
