import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldText } from "../pages/chat/field_text";

test("a proposed field is shown as a person would write it", () => {
  assert.equal(fieldText("Tidy up."), "Tidy up.");
  assert.equal(fieldText(["true", "make check"]), "true\nmake check");
  assert.equal(fieldText({ title: "/issue/title", url: "/url" }), "title = /issue/title\nurl = /url");
  assert.equal(fieldText(false), "false");
  assert.equal(fieldText(1.5), "1.5");
  assert.equal(fieldText([]), "");
});
