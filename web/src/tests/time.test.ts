import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf } from "../pages/settings/repositories";
import { joined, type Operation } from "../pages/time/operations";

const operation = (id: string): Operation => ({
  id, kind: "add", subject: "", actor: "", time: "", changeling: null, run: null, task: null, undoes: null, session: null,
});
const ids = (list: readonly Operation[] | null) => list?.map((one) => one.id) ?? null;

test("what is new comes before what is known; where a gap would be, nothing is joined", () => {
  const known = ["3", "2", "1"].map(operation);
  assert.deepEqual(ids(joined(["5", "4", "3", "2"].map(operation), known)), ["5", "4", "3", "2", "1"]);
  assert.deepEqual(ids(joined(["3", "2"].map(operation), known)), ["3", "2", "1"]);
  assert.equal(joined(["9", "8"].map(operation), known), null);
  assert.equal(joined(["1"].map(operation), []), null);
});

test("another repository is found from each page, also below a base path", () => {
  assert.equal(addressOf("a b", "/"), "/repositories/a%20b/");
  assert.equal(addressOf("two", "/base/repositories/one/"), "/base/repositories/two/");
});
