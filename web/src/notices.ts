// What the last actions of the user led to, told in one place until it is closed or over.

import { signal } from "@preact/signals";
import { Refusal } from "./api";

export interface Notice {
  id: number;
  kind: "done" | "problem";
  text: string;
  hint: string;
  /// What takes it back.
  undo?: () => Promise<unknown>;
}

export const notices = signal<readonly Notice[]>([]);
const lifetimeMilliseconds = 6_000;
const lifetimeWithUndoMilliseconds = 20_000;
const most = 4;
let next = 1;

function add(kind: Notice["kind"], text: string, hint: string, undo?: Notice["undo"]): void {
  const notice: Notice = { id: next++, kind, text, hint, ...(undo && { undo }) };
  notices.value = [...notices.value, notice].slice(-most);
  if (kind === "done") setTimeout(() => dismiss(notice.id), undo ? lifetimeWithUndoMilliseconds : lifetimeMilliseconds);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/// Those of another page than the one that is shown.
export function forgetProblems(): void {
  notices.value = notices.value.filter((notice) => notice.kind !== "problem");
}

export function tellDone(text: string, undo?: Notice["undo"]): void {
  add("done", text, "", undo);
}

/// A problem stays until it is closed, or another page is shown.
export function tellProblem(problem: unknown): void {
  if (problem instanceof Refusal) return add("problem", problem.message, problem.hint);
  add("problem", problem instanceof Error ? problem.message : String(problem), "");
}

/// Whether it succeeded; what went wrong is told.
export async function attempt(action: () => Promise<unknown>, done = ""): Promise<boolean> {
  try {
    await action();
  } catch (problem) {
    tellProblem(problem);
    return false;
  }
  if (done !== "") tellDone(done);
  return true;
}
