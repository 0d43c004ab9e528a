// How a repository of this service stands, in a few words.

import { Refusal, type Status, type Tagged } from "../../api";
import { plural } from "../../text";

/// Of any repository of the service: one login is good for all of them.
export async function loadStatus(address: string): Promise<Tagged<Status>> {
  const answer = await fetch(`${address}api/v1/status`).catch(() => null);
  if (answer === null) throw new Refusal(0, "the service does not answer", "unavailable", "is git changeling serve running?");
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, told.detail ?? `the service answered ${answer.status}`, told.kind ?? "", told.hint ?? "");
  return { value: told as Status, tag: "" };
}

export function standingInWords(status: Pick<Status, "halt" | "running" | "queue" | "outbox" | "damaged">): string {
  const { ready = 0, review = 0 } = status.queue;
  const parts = [
    status.halt === null ? "" : "switched off",
    status.running.length === 0 ? "nothing runs" : `${plural(status.running.length, "run")} under way`,
    ready === 0 ? "" : `${plural(ready, "task")} ready`,
    review === 0 ? "" : `${plural(review, "task")} in review`,
    status.outbox.length === 0 ? "" : `${status.outbox.length} to be sent`,
    status.damaged.length === 0 ? "" : `${plural(status.damaged.length, "record")} cannot be read`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
