import assert from "node:assert/strict";
import { test } from "node:test";
import { costIn, linkTo } from "../pages/settings/sessions";
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

test("a link is below the address by which the page itself is reached", () => {
  const invitation = { role: "viewer", code: "abc", login_url: "login#abc", valid_seconds: 120 } as const;
  assert.equal(linkTo(invitation, "https://host", "/"), "https://host/login#abc");
  assert.equal(linkTo(invitation, "https://host", "/changeling/"), "https://host/changeling/login#abc");
  assert.equal(linkTo(invitation, "https://host", "/changeling/repositories/one/"), "https://host/changeling/login#abc");
});

test("what a session has cost is told in parts, and nothing of one that has cost nothing", () => {
  const costs = [{ session: "phone", runs: 3, untold: 1, runs_usd: 1.5, chats_usd: 0.25 },
    { session: "tablet", runs: 0, untold: 0, runs_usd: 0, chats_usd: 2 }];
  assert.equal(costIn(costs, "phone"), "3 runs $1.50 (1 without a known cost), chats $0.25");
  assert.equal(costIn(costs, "tablet"), "chats $2.00");
  assert.equal(costIn(costs, "laptop"), "");
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
