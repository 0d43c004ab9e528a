import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../api";
import { happenings, type Skip } from "../pages/changelings/happenings";

const at = (minute: number) => `2026-11-30T12:${String(minute).padStart(2, "0")}:00.000Z`;
const run = (minute: number) => ({ id: `run${minute}`, started_at: at(minute) }) as Run;
const skip = (minute: number): Skip => ({ seq: minute, time: at(minute), trigger: "schedule", reason: "", scheduled_for: null });
const minutes = (rows: ReturnType<typeof happenings>) => rows.map((row) => `${row.kind} ${Number(row.time.slice(14, 16))}`);

test("runs and skipped starts stand in one row, the newest first", () => {
  assert.deepEqual(minutes(happenings([run(9), run(5)], [skip(7), skip(1)], true, 10)), ["run 9", "skip 7", "run 5", "skip 1"]);
  assert.deepEqual(minutes(happenings([run(9), run(5)], [skip(7), skip(1)], true, 2)), ["run 9", "skip 7"]);
  assert.deepEqual(minutes(happenings([], [skip(1)], true, 10)), ["skip 1"]);
});

test("skipped starts older than the runs that are shown are left out where there are older runs", () => {
  assert.deepEqual(minutes(happenings([run(9), run(5)], [skip(7), skip(1)], false, 10)), ["run 9", "skip 7", "run 5"]);
});
