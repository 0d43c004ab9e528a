// What runs have cost, by day and changeling, as the service adds it up: days are those of its machine's clock, which
// the caps go by, too.

import type { Schemas } from "../../api";

export type Report = Schemas["Report"];

export interface SpentDay {
  date: string;
  runs: number;
  usd: number;
  byChangeling: readonly (readonly [string, number])[];
}

export interface Spender {
  name: string;
  todayUsd: number;
  /// What it may spend a day; 0 for no cap.
  capUsd: number;
  /// Of the days that are shown.
  usd: number;
  byDay: readonly number[];
}

export const shownDays = 7;

/// Runs of tasks that no role has.
function shownName(name: string): string {
  return name === "" ? "tasks" : name;
}

function costOn(changeling: Report["changelings"][number], date: string): number {
  return changeling.days.find((day) => day.date === date)?.cost_usd ?? 0;
}

/// Whole days, oldest first; today is the last one.
export function daysOf(report: Report): SpentDay[] {
  return report.days.slice(-shownDays).map(({ date, runs, cost_usd: usd }) => ({
    date,
    runs,
    usd,
    byChangeling: report.changelings
      .map((one) => [shownName(one.name), costOn(one, date)] as const)
      .filter(([, cost]) => cost > 0)
      .sort(([, one], [, other]) => other - one),
  }));
}

/// Those that have spent anything, or may spend no more than so much; the dearest first.
export function spendersOf(report: Report): Spender[] {
  const dates = report.days.slice(-shownDays).map(({ date }) => date);
  return report.changelings
    .map((one) => {
      const byDay = dates.map((date) => costOn(one, date));
      const usd = byDay.reduce((sum, cost) => sum + cost, 0);
      return { name: shownName(one.name), todayUsd: byDay.at(-1) ?? 0, capUsd: one.daily_cap_usd ?? 0, usd, byDay };
    })
    .filter(({ usd, capUsd }) => usd > 0 || capUsd > 0)
    .sort((one, other) => other.usd - one.usd);
}
