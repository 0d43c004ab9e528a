// The changes of the state, newest first, a page at a time.

import { signal } from "@preact/signals";
import { get, Refusal, type Schemas } from "../../api";

export type Operation = Schemas["Operation"];

export interface Operations {
  list: readonly Operation[];
  next: string | null;
  isLoaded: boolean;
  problem: Refusal | null;
}

const perPage = 100;

/// Those of `newest` that are not there yet, before the others.
export function joined(newest: readonly Operation[], known: readonly Operation[]): Operation[] | null {
  const end = newest.findIndex((one) => one.id === known[0]?.id);
  return end === -1 ? null : [...newest.slice(0, end), ...known];
}

export function makeOperations(query: { task?: string; changeling?: string; run?: string }) {
  const state = signal<Operations>({ list: [], next: null, isLoaded: false, problem: null });

  async function guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (problem) {
      state.value = { ...state.value, problem: problem as Refusal };
    }
  }

  /// What is new comes before what is there; with a gap between them it begins anew.
  const loadNewest = () =>
    guarded(async () => {
      const page = await get("/operations", { query: { ...query, limit: perPage } });
      const { list, next } = state.value;
      const both = joined(page.operations, list);
      state.value =
        both === null
          ? { list: page.operations, next: page.next_cursor, isLoaded: true, problem: null }
          : { list: both, next, isLoaded: true, problem: null };
    });

  const loadOlder = () =>
    guarded(async () => {
      const { next } = state.value;
      if (next === null) return;
      const page = await get("/operations", { query: { ...query, limit: perPage, cursor: next } });
      if (state.value.next !== next) return;
      state.value = { list: [...state.value.list, ...page.operations], next: page.next_cursor, isLoaded: true, problem: null };
    });

  return { state, loadNewest, loadOlder };
}
