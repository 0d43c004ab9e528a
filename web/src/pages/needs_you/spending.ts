// What runs have cost, by day and changeling.

import { get, type Run, type Tagged } from "../../api";

export interface Spending {
  day: string;
  usd: number;
  runs: number;
  byChangeling: readonly (readonly [string, number])[];
}

export const shownDays = 7;
const pageSize = 200;
const mostPages = 5;

/// The days as the service counts them for its caps: in UTC.
function dayOf(time: string): string {
  return time.slice(0, 10);
}

export function spendingByDay(runs: readonly Run[]): Spending[] {
  const days = new Map<string, { runs: number; costs: Map<string, number> }>();
  for (const run of runs) {
    const day = days.get(dayOf(run.started_at)) ?? { runs: 0, costs: new Map<string, number>() };
    const name = run.changeling ?? "tasks";
    day.runs += 1;
    day.costs.set(name, (day.costs.get(name) ?? 0) + (run.cost_usd ?? 0));
    days.set(dayOf(run.started_at), day);
  }
  return [...days.entries()]
    .sort(([one], [other]) => (one < other ? 1 : -1))
    .map(([day, { runs: count, costs }]) => ({
      day,
      runs: count,
      usd: [...costs.values()].reduce((sum, cost) => sum + cost, 0),
      byChangeling: [...costs.entries()].filter(([, cost]) => cost > 0).sort(([, one], [, other]) => other - one),
    }));
}

/// The newest thousand at most; `isWhole` says whether those were all.
export async function loadSpending(): Promise<Tagged<{ days: Spending[]; isWhole: boolean }>> {
  const runs: Run[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const place: { cursor?: string } = cursor === null ? {} : { cursor };
    const answer: { runs: Run[]; next_cursor: string | null } = await get("/runs", {
      query: { since: `${shownDays}d`, limit: pageSize, ...place },
    });
    runs.push(...answer.runs);
    cursor = answer.next_cursor;
    if (cursor === null) break;
  }
  return { value: { days: spendingByDay(runs), isWhole: cursor === null }, tag: "" };
}

/// A cap in dollars among the settings; 0 where there is none.
export function capIn(settings: readonly { key: string; value?: unknown }[], key: string): number {
  const value = settings.find((setting) => setting.key.toLowerCase() === key.toLowerCase())?.value;
  const amount = typeof value === "string" ? Number(value) : 0;
  return Number.isFinite(amount) ? amount : 0;
}
