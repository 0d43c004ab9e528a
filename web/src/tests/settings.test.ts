import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsAfter } from "../pages/settings/table";

const setting = (origin: string | null) => ({
  key: "changeling.lease", known: true, value: "1h", origin, default: "30m", only_here: null, help: "How long a claim holds",
});

test("what is taken back may still come from another file", () => {
  assert.equal(wordsAfter({ reset: ["changeling.lease"] }, [setting(null)]), "changeling.lease is no longer set.");
  assert.equal(
    wordsAfter({ reset: ["changeling.lease"] }, [setting("file:/home/a/.gitconfig")]),
    "changeling.lease is no longer set here; it still comes from file:/home/a/.gitconfig.",
  );
  assert.equal(wordsAfter({ set: { "changeling.lease": "1h" } }, [setting(null)]), "It is set, for this repository on this machine.");
});
