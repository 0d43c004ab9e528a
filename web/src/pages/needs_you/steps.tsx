// What settles a need, as buttons.

import { useState } from "preact/hooks";
import { post, remove } from "../../api";
import { AskReason } from "../../ask_reason";
import { attempt } from "../../notices";
import { mayWrite } from "../../session";
import type { Need } from "./kinds";

export interface Step {
  label: string;
  done: string;
  /// What is asked before; the answer is handed to `act`.
  ask?: { title: string; label: string };
  act: (subject: string, reason: string) => Promise<unknown>;
}

const retry: Step = {
  label: "Try again",
  done: "A new attempt has begun.",
  act: (run) => post("/runs/{run}/retry", { path: { run } }),
};

const drop: Step = {
  label: "Drop …",
  done: "Dropped.",
  ask: { title: "Drop this task?", label: "Why nobody is to do it" },
  act: (task, reason) => post("/tasks/{task}/drop", { path: { task }, body: { reason } }),
};

/// Sends all that waits; that the work in question still does is told with the reason.
async function sendNow(run: string): Promise<void> {
  const { outbox } = await post("/sync", { body: {} });
  if (!outbox.waiting.includes(run)) return;
  throw new Error(`It still waits to be sent: ${outbox.reasons[run] ?? "no reason is known"}`);
}

const steps: Partial<Record<Need["kind"], readonly Step[]>> = {
  halt: [{ label: "Switch on again", done: "Everything is switched on again.", act: () => remove("/halt", {}) }],
  "task-approval": [
    { label: "Approve", done: "The task may go on.", act: (task) => post("/tasks/{task}/approve", { path: { task } }) },
    drop,
  ],
  "task-review": [
    { label: "Done", done: "Done.", act: (task) => post("/tasks/{task}/done", { path: { task }, body: {} }) },
    {
      label: "Send back",
      done: "It is ready to be worked on again.",
      act: (task) => post("/tasks/{task}/move", { path: { task }, body: { status: "ready" } }),
    },
  ],
  "task-blocked": [
    { label: "Unblock", done: "It is ready again.", act: (task) => post("/tasks/{task}/unblock", { path: { task }, body: {} }) },
    drop,
  ],
  "run-failed": [retry],
  "run-lost": [retry],
  schedule: [
    {
      label: "Run now",
      done: "A run has begun.",
      act: (changeling) => post("/changelings/{changeling}/runs", { path: { changeling }, body: {} }),
    },
  ],
  outbox: [{ label: "Send now", done: "It is sent.", act: sendNow }],
  notification: [
    {
      label: "Try again",
      done: "They are being sent. What still does not arrive is told here again.",
      act: () => post("/notifications/retry", {}),
    },
  ],
};

/// A schedule without a name is the timer of the machine, which only its command line sets up.
export function stepsFor(need: Need): readonly Step[] {
  if (need.kind === "schedule" && need.subject === "") return [];
  return steps[need.kind] ?? [];
}

export function Steps({ need, onSettled }: { need: Need; onSettled: () => void }) {
  const [asking, setAsking] = useState<Step | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function take(step: Step, reason: string): Promise<void> {
    setBusy(true);
    await attempt(() => step.act(need.subject, reason), step.done);
    setBusy(false);
    onSettled();
  }
  const possible = stepsFor(need);
  if (possible.length === 0 || !mayWrite.value) return null;
  return (
    <div class="actions">
      {possible.map((step) => (
        <button
          key={step.label}
          type="button"
          disabled={isBusy}
          onClick={() => (step.ask === undefined ? void take(step, "") : setAsking(step))}
        >
          {step.label}
        </button>
      ))}
      {asking?.ask !== undefined && (
        <AskReason
          title={asking.ask.title}
          label={asking.ask.label}
          confirm="Drop"
          onConfirm={(reason) => void take(asking, reason)}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
