import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsAfter } from "../pages/settings/table";
import { standingInWords } from "../pages/settings/standing";

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

test("a repository stands as its status says, in a few words", () => {
  const quiet = { halt: null, running: [], queue: {}, outbox: [], damaged: [] };
  const words = (more: object) => standingInWords({ ...quiet, ...more } as Parameters<typeof standingInWords>[0]);
  assert.equal(words({}), "nothing runs");
  assert.equal(words({ halt: { reason: "" } }), "switched off · nothing runs");
  assert.equal(
    words({ running: [{}], queue: { ready: 2, review: 1, done: 7 }, outbox: [{}], damaged: [{}] }),
    "1 run under way · 2 tasks ready · 1 task in review · 1 to be sent · 1 record cannot be read",
  );
});
