// The part of a run's log that is loaded: its end first, what is earlier on request, and what comes.

import { signal } from "@preact/signals";
import { get, Refusal } from "../../api";
import { join, type Message, say } from "../../events";
import { bytesOf, fromWholeLine, type Line, linesOf } from "./lines";

const tailBytes = 65_536;
const mostBytes = 1_048_576;
/// Ids of commands are the client's own; one a store is enough.
let nextId = 1;

export interface LogStore {
  lines: readonly Line[];
  /// Bytes of the file: where the first loaded line begins, and where what comes goes on.
  first: number;
  next: number;
  /// Lines that were loaded before the others.
  prepended: number;
  isLoaded: boolean;
  problem: Refusal | null;
}

export function makeLogStore(run: string) {
  const state = signal<LogStore>({ lines: [], first: 0, next: 0, prepended: 0, isLoaded: false, problem: null });
  const id = nextId++;
  let endsInLine = false;
  let isLoading = false;

  function read(part: { tail: number } | { offset: number; limit: number }) {
    return get("/runs/{run}/log", { path: { run }, query: part });
  }

  async function guarded(action: () => Promise<void>): Promise<void> {
    if (isLoading) return;
    isLoading = true;
    try {
      await action();
    } catch (problem) {
      state.value = { ...state.value, problem: problem as Refusal };
    }
    isLoading = false;
  }

  /// What follows directly on what is loaded; anything else would leave a gap.
  function append(text: string, offset: number, next: number): void {
    const now = state.value;
    if (offset !== now.next || text === "") return;
    const lines = now.lines.slice();
    let fresh = linesOf(text, offset);
    if (endsInLine && lines.length > 0 && fresh.length > 0) {
      const last = lines.pop()!;
      fresh = [{ at: last.at, text: last.text + fresh[0]!.text }, ...fresh.slice(1)];
    }
    for (const line of fresh) lines.push(line);
    endsInLine = !text.endsWith("\n");
    state.value = { ...now, lines, next, problem: null };
  }

  function loadTail(): Promise<void> {
    return guarded(async () => {
      const part = await read({ tail: tailBytes });
      endsInLine = part.text !== "" && !part.text.endsWith("\n");
      const lines = linesOf(part.text, part.offset);
      state.value = {
        lines, first: part.offset, next: part.next_offset, prepended: 0, isLoaded: true, problem: null,
      };
    });
  }

  function loadMore(): Promise<void> {
    return guarded(async () => {
      const part = await read({ offset: state.value.next, limit: mostBytes });
      append(part.text, part.offset, part.next_offset);
    });
  }

  /// `bytes` before what is loaded, or more where a line is longer.
  function loadEarlier(bytes = tailBytes): Promise<void> {
    return guarded(async () => {
      const { first, lines, prepended } = state.value;
      if (first === 0) return;
      const size = Math.min(bytes, first, mostBytes);
      const part = await read({ offset: first - size, limit: size });
      const text = size === first ? part.text : (fromWholeLine(part.text) ?? part.text);
      const begin = size === first ? 0 : first - bytesOf(text);
      const earlier = linesOf(text, begin);
      state.value = {
        ...state.value, lines: [...earlier, ...lines], first: begin, prepended: prepended + earlier.length, problem: null,
      };
    });
  }

  async function loadBackTo(at: number): Promise<void> {
    while (state.value.first > at && state.value.problem === null) {
      await loadEarlier(state.value.first - at + tailBytes);
    }
  }

  function onMessage(message: Message): void {
    if (message.id === id && message.ok === false) {
      state.value = { ...state.value, problem: refusalOf(message) };
    }
    if (message.run !== run) return;
    if (message.event === "run.output") append(String(message.text), Number(message.offset), Number(message.after));
    if (message.event === "run.output.reset") void loadTail().then(subscribe);
  }

  function subscribe(): void {
    say({ id, subscribe: { run, after: state.value.next } });
  }

  /// Until the returned function is called: what the run prints is told by the event stream.
  function follow(): () => void {
    const leave = join({ onOpen: subscribe, onMessage });
    return () => {
      leave();
      say({ id, unsubscribe: { run } });
    };
  }
  return { state, loadTail, loadMore, loadEarlier, loadBackTo, follow };
}

function refusalOf(message: Message): Refusal {
  return new Refusal(409, String(message.detail ?? "refused"), String(message.kind ?? ""), String(message.hint ?? ""));
}
