import assert from "node:assert/strict";
import { test } from "node:test";
import { standingOf } from "../pages/webhooks/outcomes";
import { addressOf, fieldsFor, newSecret, sources } from "../pages/webhooks/sources";

const namesFor = (...of: Parameters<typeof fieldsFor>) => fieldsFor(...of).map(({ name }) => name);

test("the form has the fields that mean something", () => {
  assert.deepEqual(namesFor("github", "changeling"), ["events", "conditions", "mapping", "actors", "poll"]);
  assert.deepEqual(namesFor("slack", "task"), ["task", "description", "role", "status", "events", "conditions", "mapping"]);
  for (const source of sources) for (const { help } of fieldsFor(source, "task")) assert.notEqual(help, "");
});

test("a new secret is what the source takes, and another one each time", () => {
  assert.match(newSecret("github"), /^[0-9a-f]{64}$/);
  assert.equal(Buffer.from(newSecret("standard").replace(/^whsec_/, ""), "base64").length, 32);
  assert.notEqual(newSecret("generic"), newSecret("generic"));
});

test("deliveries go to an address beside the page's", () => {
  assert.equal(addressOf("triage", "https://a.example/#/webhooks"), "https://a.example/hooks/triage");
  assert.equal(addressOf("a b", "https://a.example/x/repositories/r/?q#/webhooks"), "https://a.example/x/repositories/r/hooks/a%20b");
});

test("what waits after a problem is marked", () => {
  assert.deepEqual(standingOf({ outcome: null, problem: null }), { word: "waits", tone: "plain" });
  assert.equal(standingOf({ outcome: null, problem: "no network" }).tone, "warn");
  assert.equal(standingOf({ outcome: "failed", problem: null }).tone, "bad");
  assert.equal(standingOf({ outcome: "taken", problem: null }).tone, "plain");
});
