import assert from "node:assert/strict";
import { test } from "node:test";
import { placeBars } from "../bars";
import { nextTimes } from "../pages/needs_you/forecast_times";
import { groups, linkOf, type Need } from "../pages/needs_you/kinds";
import { permissionFor, toolsAmong, withPermissions } from "../pages/needs_you/permissions";
import { daysOf, type Report, spendersOf } from "../pages/needs_you/spending";
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

const report = (changelings: [string, number | null, Record<string, number>][], dates: string[]) =>
  ({
    days: dates.map((date) => ({
      date,
      runs: 2,
      cost_usd: changelings.reduce((sum, [, , days]) => sum + (days[date] ?? 0), 0),
    })),
    changelings: changelings.map(([name, daily_cap_usd, days]) => ({
      name,
      daily_cap_usd,
      days: Object.entries(days).map(([date, cost_usd]) => ({ date, cost_usd })),
    })),
  }) as unknown as Report;

test("what runs cost is told by the days of the service, with who has spent it", () => {
  const dates = [22, 23, 24, 25, 26, 27, 28, 29].map((day) => `2026-11-${day}`);
  const made = report([["ada", 2, { "2026-11-22": 9, "2026-11-29": 0.5 }], ["", null, { "2026-11-29": 1 }],
    ["idle", null, { "2026-11-28": 0 }], ["capped", 3, {}]], dates);
  const days = daysOf(made);
  assert.deepEqual([days.length, days[0]!.date, days[6]!.date], [7, "2026-11-23", "2026-11-29"]);
  assert.deepEqual(days[6]!.byChangeling, [["tasks", 1], ["ada", 0.5]]);
  const spenders = spendersOf(made);
  assert.deepEqual(spenders.map(({ name, todayUsd, capUsd, usd }) => [name, todayUsd, capUsd, usd]),
    [["tasks", 1, 0, 1], ["ada", 0.5, 2, 0.5], ["capped", 0, 3, 0]]);
  assert.deepEqual(spenders[1]!.byDay, [0, 0, 0, 0, 0, 0, 0.5]);
});

test("a bar is as high as its value, and one above the cap is marked", () => {
  const { bars, capY } = placeBars([0, 5, 20], 10, 300, 105);
  assert.deepEqual(bars.map(({ height, isOver }) => [Math.round(height), isOver]), [[0, false], [25, false], [100, true]]);
  assert.equal(Math.round(capY!), 55);
  assert.deepEqual(placeBars([0], 0, 300, 100).bars[0]!.height, 0);
  assert.equal(placeBars([], 0, 300, 100).capY, null);
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
