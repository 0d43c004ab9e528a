import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../api";
import { metricsIn, withMetrics } from "../pages/run/metrics";

const told = { seq: 3, event: "run:metrics", run: "abcd", turns: 4, cost_usd: null, tokens: { input: 1, output: 2, cache_read: 3, cache_write: 4 } };

test("the numbers of this run are taken, without what its agent does not tell", () => {
  assert.deepEqual(metricsIn(told, "abcd"), { turns: 4, tokens: told.tokens });
  assert.equal(metricsIn(told, "other"), null);
  assert.equal(metricsIn({ ...told, event: "run:finished" }, "abcd"), null);
});

test("they stand in the place of the record's while the run goes on", () => {
  const run = { status: "running", turns: 1, cost_usd: 0.5 } as Run;
  assert.deepEqual(withMetrics(run, { turns: 4 }), { status: "running", turns: 4, cost_usd: 0.5 });
  assert.equal(withMetrics({ ...run, status: "finished" }, { turns: 4 }).turns, 1);
});
