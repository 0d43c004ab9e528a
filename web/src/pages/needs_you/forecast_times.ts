// The next times of what is planned.

import type { Schemas } from "../../api";

export interface PlannedTime {
  changeling: string;
  time: string;
  obstacle: string;
}

export function nextTimes(plan: Schemas["Plan"]["plan"], count: number): PlannedTime[] {
  return plan
    .flatMap(({ changeling, times, obstacle }) => times.map((time) => ({ changeling, time, obstacle: obstacle ?? "" })))
    .sort((one, other) => Date.parse(one.time) - Date.parse(other.time))
    .slice(0, count);
}
