import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTo } from "../pages/settings/sessions";
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

test("a link is below the address by which the page itself is reached", () => {
  const invitation = { role: "viewer", code: "abc", login_url: "login#abc", valid_seconds: 120 } as const;
  assert.equal(linkTo(invitation, "https://host", "/"), "https://host/login#abc");
  assert.equal(linkTo(invitation, "https://host", "/changeling/"), "https://host/changeling/login#abc");
  assert.equal(linkTo(invitation, "https://host", "/changeling/repositories/one/"), "https://host/changeling/login#abc");
});
