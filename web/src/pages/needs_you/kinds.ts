// The kinds of what waits for a person: how they are grouped, and where more is told of them.

import type { Schemas } from "../../api";
import { href } from "../../router";

export type Need = Schemas["Need"];

export interface Group {
  title: string;
  kinds: readonly Need["kind"][];
}

/// In the order of what holds up most.
export const groups: readonly Group[] = [
  { title: "Switched off", kinds: ["halt"] },
  { title: "Not logged in", kinds: ["login"] },
  { title: "Questions", kinds: ["question"] },
  { title: "To approve", kinds: ["approval", "task-approval"] },
  { title: "To review", kinds: ["review", "task-review"] },
  { title: "Failed", kinds: ["run-failed", "run-lost"] },
  { title: "Blocked", kinds: ["task-blocked"] },
  { title: "Refused tools", kinds: ["tool-refused"] },
  { title: "Did not start", kinds: ["schedule"] },
  { title: "Not sent", kinds: ["outbox"] },
  { title: "Not told", kinds: ["notification"] },
];

export function totalOf(totals: Schemas["Needs"]["totals"], kinds: readonly string[]): number {
  return kinds.reduce((sum, kind) => sum + (totals[kind] ?? 0), 0);
}

/// The page of what it is about; empty where it is told here in full.
export function linkOf(need: Need): string {
  switch (need.kind) {
    case "task-review":
    case "task-approval":
    case "task-blocked":
      return href("board", "", { task: need.subject });
    case "question":
    case "run-failed":
    case "run-lost":
    case "tool-refused":
    case "outbox":
      return href("run", need.subject);
    case "login":
      return href("settings");
    case "review":
      return href("review", need.subject);
    default:
      return "";
  }
}
