// The seven columns, and which request takes a task from one to another. What is legal, the service decides.

import { post, type Schemas, type Task, type TaskStatus } from "../../api";

export const columns: readonly { status: TaskStatus; title: string }[] = [
  { status: "inbox", title: "Inbox" },
  { status: "planning", title: "Planning" },
  { status: "ready", title: "Ready" },
  { status: "in_flight", title: "In flight" },
  { status: "review", title: "Review" },
  { status: "blocked", title: "Blocked" },
  { status: "done", title: "Done" },
];

export function titleOf(status: string): string {
  return columns.find((column) => column.status === status)?.title ?? status;
}

export type MoveOrder = Pick<Schemas["TaskAction"], "action" | "status" | "reason">;

/// A person closes what is not reviewed, blocks with a reason, and unblocks; the rest are plain moves.
export function orderFor(from: TaskStatus, to: TaskStatus, reason = ""): MoveOrder {
  if (to === "blocked") return { action: "block", reason };
  if (to === "done" && from !== "review") return { action: "done" };
  if (from === "blocked" && to === "ready") return { action: "unblock" };
  return { action: "move", status: to };
}

type Move = Schemas["TaskMove"];

/// What the board's requests are called in the service's table.
const operations: { [action: string]: Move["by"] } = {
  move: "move",
  block: "block",
  unblock: "unblock",
  done: "close",
};

/// Whether the table has what a move would ask for; null while it is not known, and all are offered.
export function isLegal(moves: readonly Move[] | null, from: TaskStatus, to: TaskStatus): boolean {
  const by = operations[orderFor(from, to).action];
  return moves === null || moves.some((move) => move.from === from && move.to === to && move.by === by);
}

/// Throws Refusal, with the legal moves where there are others.
export function carryOut(task: string, order: MoveOrder): Promise<Task> {
  const path = { task };
  switch (order.action) {
    case "block":
      return post("/tasks/{task}/block", { path, body: { reason: order.reason ?? "" } });
    case "done":
      return post("/tasks/{task}/done", { path, body: {} });
    case "unblock":
      return post("/tasks/{task}/unblock", { path, body: {} });
    default:
      return post("/tasks/{task}/move", { path, body: { status: order.status ?? "" } });
  }
}
