// What happened to a changeling, in one row of time: its runs, and the starts that did not come about.

import type { Run, Schemas } from "../../api";

export type Skip = Schemas["Skips"]["skips"][number];
export type Happening = { kind: "run"; time: string; run: Run } | { kind: "skip"; time: string; skip: Skip };

/// The newest ones first, at most so many. `isAll` says that there are no older runs: then older skips count as well,
/// which would otherwise stand where runs are left out.
export function happenings(runs: readonly Run[], skips: readonly Skip[], isAll: boolean, most: number): Happening[] {
  const oldest = runs.at(-1)?.started_at;
  const shown = skips.filter((skip) => isAll || oldest === undefined || Date.parse(skip.time) >= Date.parse(oldest));
  const all: Happening[] = [
    ...runs.map((run) => ({ kind: "run" as const, time: run.started_at, run })),
    ...shown.map((skip) => ({ kind: "skip" as const, time: skip.time, skip })),
  ];
  return all.sort((a, b) => Date.parse(b.time) - Date.parse(a.time)).slice(0, most);
}
