// How many tasks a column is to hold. A view of whoever looks, kept in their browser: no rule of the queue.

import { signal } from "@preact/signals";
import type { TaskStatus } from "../../api";

const storageKey = "changeling-column-limits";
type Limits = Partial<Record<TaskStatus, number>>;

function stored(): Limits {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Limits;
  } catch {
    return {};
  }
}

const limits = signal<Limits>(stored());

/// 0 where there is none.
export function limitOf(status: TaskStatus): number {
  return limits.value[status] ?? 0;
}

export function isOver(status: TaskStatus, count: number): boolean {
  return limitOf(status) > 0 && count > limitOf(status);
}

export function setLimit(status: TaskStatus, limit: number): void {
  limits.value = { ...limits.value, [status]: Number.isInteger(limit) && limit > 0 ? limit : 0 };
  try {
    localStorage.setItem(storageKey, JSON.stringify(limits.value));
  } catch {
    // It holds until the page is closed.
  }
}
