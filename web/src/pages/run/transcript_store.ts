// The turns of a run's transcript: the newest megabyte, then what comes, and more of what was before.

import { signal } from "@preact/signals";
import { get, type Refusal } from "../../api";
import { joined, type Turn } from "./conversation";

const firstBytes = 1024 * 1024;
const mostBytes = 8 * 1024 * 1024;

export interface TranscriptState {
  turns: readonly Turn[];
  /// Where the first and the next byte are.
  first: number;
  next: number;
  isLoaded: boolean;
  problem: Refusal | null;
}

export function makeTranscriptStore(run: string) {
  const state = signal<TranscriptState>({ turns: [], first: 0, next: 0, isLoaded: false, problem: null });
  let tail = firstBytes;
  let isLoading = false;

  async function load(query: { tail?: number; offset?: number }, before: readonly Turn[]): Promise<void> {
    if (isLoading) return;
    isLoading = true;
    try {
      const part = await get("/runs/{run}/transcript", { path: { run }, query });
      const turns = joined(before, part.turns);
      const first = query.offset === undefined ? part.offset : state.value.first;
      state.value = { turns, first, next: part.next_offset, isLoaded: true, problem: null };
    } catch (problem) {
      state.value = { ...state.value, problem: problem as Refusal };
    }
    isLoading = false;
  }

  return {
    state,
    loadTail: () => load({ tail }, []),
    /// What has come since; all of it anew where nothing had come at all.
    loadMore: () => (state.value.next === 0 ? load({ tail }, []) : load({ offset: state.value.next }, state.value.turns)),
    loadEarlier: () => {
      tail = Math.min(2 * tail, mostBytes);
      return load({ tail }, []);
    },
    canLoadEarlier: () => state.value.first > 0 && tail < mostBytes,
  };
}
