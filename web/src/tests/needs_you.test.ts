import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../api";
import { nextTimes } from "../pages/needs_you/forecast_times";
import { groups, linkOf, type Need } from "../pages/needs_you/kinds";
import { permissionFor, toolsAmong, withPermissions } from "../pages/needs_you/permissions";
import { capIn, spendingByDay } from "../pages/needs_you/spending";
import { bytes, withoutMarkers } from "../text";

const need = (kind: Need["kind"], subject = "x1"): Need => ({ kind, subject, text: "", since: null, settle: "" });

test("every kind of need stands in one group, and leads to what it is about", () => {
  const kinds = groups.flatMap((group) => group.kinds);
  assert.equal(new Set(kinds).size, kinds.length);
  assert.equal(kinds.length, 14);
  assert.equal(linkOf(need("task-review")), "#/board?task=x1");
  assert.equal(linkOf(need("run-failed")), "#/run/x1");
  assert.equal(linkOf(need("review", "7")), "#/review/7");
  assert.equal(linkOf(need("halt", "")), "");
  assert.equal(linkOf(need("login", "claude")), "#/settings");
});

test("what runs cost is told by day, newest first, dearest first", () => {
  const run = (day: string, changeling: string | null, cost: number | null) =>
    ({ started_at: `${day}T10:00:00Z`, changeling, cost_usd: cost }) as Run;
  const days = spendingByDay([run("2026-11-29", "ada", 0.25), run("2026-11-30", "ada", 0.5), run("2026-11-30", "bob", 1),
    run("2026-11-30", null, null)]);
  assert.deepEqual(days.map(({ day, runs, usd }) => [day, runs, usd]), [["2026-11-30", 3, 1.5], ["2026-11-29", 1, 0.25]]);
  assert.deepEqual(days[0]!.byChangeling, [["bob", 1], ["ada", 0.5]]);
});

test("a cap is a number among the settings, or there is none", () => {
  const settings = [{ key: "changeling.dailyBudget", value: "20" }, { key: "changeling.monthlyBudget", value: null }];
  assert.equal(capIn(settings, "changeling.dailyBudget"), 20);
  assert.equal(capIn(settings, "changeling.monthlyBudget"), 0);
  assert.equal(capIn([], "changeling.dailyBudget"), 0);
});

test("the next times of all schedules, in order", () => {
  const planned = (changeling: string, times: string[], obstacle: string | null = null) => ({
    date: "2026-11-30", repository: "", changeling, timezone: "UTC", times, expected_duration_ms: null,
    expected_cost_usd: null, obstacle,
  });
  const next = nextTimes([planned("late", ["2026-11-30T20:00:00Z", "2026-11-30T08:00:00Z"]),
    planned("early", ["2026-11-30T07:00:00Z"], "not trusted")], 2);
  assert.deepEqual(next, [{ changeling: "early", time: "2026-11-30T07:00:00Z", obstacle: "not trusted" },
    { changeling: "late", time: "2026-11-30T08:00:00Z", obstacle: "" }]);
});

test("sizes, and what a program has noted for itself", () => {
  assert.equal(bytes(0), "0 bytes");
  assert.equal(bytes(2048), "2.0 KiB");
  assert.equal(bytes(5 * 1024 ** 3), "5.0 GiB");
  assert.equal(withoutMarkers("<!-- git-changeling: begin -->\nHello\n\n<!-- git-changeling: x=1 -->\n"), "Hello");
  assert.equal(withoutMarkers("<!-- of somebody else -->"), "<!-- of somebody else -->");
});

test("a refused tool is allowed by the narrowest permission that names it", () => {
  assert.equal(permissionFor("Bash: git push origin: all"), "Bash(git push origin: all)");
  assert.equal(permissionFor("Write: /etc/passwd"), "Write");
  assert.equal(permissionFor("Bash"), "Bash");
  assert.deepEqual(toolsAmong(["Bash: ls", "12 more"]), ["Bash: ls"]);
  assert.deepEqual(withPermissions(["Read", "Write"], [" Write", "", "Bash(ls)"]), ["Read", "Write", "Bash(ls)"]);
});
