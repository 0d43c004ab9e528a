// What is loaded from the API and kept as it is there: loaded anew when events say that it has changed.

import { type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type Refusal, type Tagged } from "./api";
import { listen, type ServiceEvent } from "./events";

export interface Loaded<T> {
  value: T | null;
  problem: Refusal | null;
}

export interface Resource<T> extends Listening {
  state: Signal<Loaded<T>>;
  reload(): void;
}

interface Listening {
  start(): () => void;
}

/// Gets the value unless it is still the one of this tag.
export type Load<T> = (known: string) => Promise<Tagged<T> | null>;

/// A first event is followed soon, a stream of them every two seconds.
const soonMilliseconds = 250;
const restMilliseconds = 2_000;

/// How long to wait with loading again, so many milliseconds after the last time.
export function pauseBefore(sinceLast: number, soon = soonMilliseconds, rest = restMilliseconds): number {
  return Math.max(soon, rest - sinceLast);
}

/// `concerns` says which events are reason to load again; a burst of them is one.
export function makeResource<T>(load: Load<T>, concerns: (event: ServiceEvent) => boolean): Resource<T> {
  const state = signal<Loaded<T>>({ value: null, problem: null });
  let tag = "";
  let isLoading = false;
  let isStale = false;
  let isOver = false;
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function reload(): Promise<void> {
    isStale = true;
    if (isLoading) return;
    isLoading = true;
    while (isStale && !isOver) {
      isStale = false;
      try {
        const answer = await load(tag);
        if (answer !== null && !isOver) state.value = { value: answer.value, problem: null };
        else if (state.value.problem !== null) state.value = { value: state.value.value, problem: null };
        tag = answer?.tag ?? tag;
      } catch (problem) {
        state.value = { value: state.value.value, problem: problem as Refusal };
      }
    }
    isLoading = false;
  }

  function reloadSoon(): void {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      last = Date.now();
      void reload();
    }, pauseBefore(Date.now() - last));
  }

  function start(): () => void {
    isOver = false;
    const stop = listen({ onFresh: () => void reload(), onEvent: (event) => concerns(event) && reloadSoon() });
    void reload();
    return () => {
      isOver = true;
      clearTimeout(timer);
      timer = undefined;
      stop();
    };
  }
  return { state, reload: () => void reload(), start };
}

/// A resource that lives as long as the component, and is made anew when one of `inputs` changes.
export function useResource<T>(
  load: Load<T>,
  concerns: (event: ServiceEvent) => boolean,
  inputs: readonly unknown[] = [],
): Resource<T> {
  const resource = useMemo(() => makeResource(load, concerns), inputs);
  useEffect(() => resource.start(), [resource]);
  return resource;
}
