// Who is logged in. A viewer is offered nothing that changes anything; the service refuses it as well.

import { computed, signal } from "@preact/signals";
import type { Schemas } from "./api";
import { listen } from "./events";

export type OwnSession = Schemas["OwnSession"];

/// Null until it is known.
export const ownSession = signal<OwnSession | null>(null);

export const mayWrite = computed(() => ownSession.value?.may_write ?? false);

async function load(): Promise<void> {
  const answer = await fetch("api/v1/session").catch(() => null);
  if (answer?.ok) ownSession.value = (await answer.json()) as OwnSession;
}

/// Without an answer the pages are as a viewer has them, until there is a connection again.
export function start(): void {
  listen({ onEvent: () => {}, onFresh: () => void (ownSession.value === null && load()) });
  void load();
}
