// Takes back what was done to a task last.

import { get, post, Refusal } from "../../api";

/// The operation is looked up at once: what others do afterwards is not taken back.
export async function undoOfLast(task: string): Promise<() => Promise<unknown>> {
  const { operations } = await get("/operations", { query: { task, limit: 1 } });
  const last = operations[0];
  if (last === undefined) throw new Refusal(404, "nothing is known to take back", "not_found", "");
  return () => post("/operations/{operation}/undo", { path: { operation: last.id }, body: {} });
}
