// What waits for a person: the start page shows it, the navigation says how much it is.

import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { getUnlessKnown, type Schemas } from "./api";
import { makeResource } from "./resource";

/// Approvals and schedules that did not start are told by no event.
const lookAgainMilliseconds = 30_000;

export const waiting = makeResource<Schemas["Needs"]>(
  (known) => getUnlessKnown("/needs", {}, known),
  (event) => event.event !== "work:progress",
);

/// Of all of them, also of those that are not named.
export const waitingCount = computed(() =>
  Object.values(waiting.state.value.value?.totals ?? {}).reduce((sum, count) => sum + count, 0),
);

/// Keeps it up to date as long as the page is open.
export function useWaiting(): void {
  useEffect(() => {
    const stop = waiting.start();
    const timer = setInterval(waiting.reload, lookAgainMilliseconds);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
}
