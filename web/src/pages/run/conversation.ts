// What an agent said and did, by turns: in each its steps, each call of a tool with its answer.

import type { Schemas } from "../../api";

export type Entry = Schemas["TurnEntry"];
export type Turn = Schemas["Turn"];

export interface Step {
  kind: "text" | "thinking" | "tool" | "message" | "end" | "printed";
  /// One line of a tool: what it was used on. Otherwise all that was said or printed.
  title: string;
  /// Of a tool what it was given, of the end what came of it.
  details: string;
  /// What the tool gave back, as far as it has come.
  answer: string;
  isError: boolean;
  /// Of an agent that the agent has started.
  isInside: boolean;
  /// When it was, where the agent's program says that.
  time: string | null;
  /// A message that waits until the agent's turn is over.
  isQueued: boolean;
}

export interface TurnSteps {
  /// Empty for what came before the first turn.
  title: string;
  /// Of its first step that has one.
  time: string | null;
  steps: Step[];
}

const telling = ["command", "file_path", "path", "pattern", "url", "query", "description", "prompt"];

function inputOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // Only its beginning, where it is long.
  }
}

function toolStep(entry: Entry): Step {
  const input = inputOf(entry.text);
  const fields = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  const word = telling.map((name) => fields[name]).find((value) => typeof value === "string" && value !== "");
  const first = String(word ?? "").split("\n")[0]!;
  const details = typeof input === "string" ? input : JSON.stringify(input, null, 2);
  return { ...plain("tool", first === "" ? entry.name : `${entry.name}: ${first}`, entry), details };
}

function plain(kind: Step["kind"], title: string, entry: Entry): Step {
  return { kind, title, details: "", answer: "", isError: entry.error, isInside: entry.inside !== "", time: entry.time, isQueued: false };
}

/// Lines that follow each other are one step.
function addPrinted(steps: Step[], entry: Entry): void {
  const last = steps.at(-1);
  if (last?.kind === "printed") last.title += `\n${entry.text}`;
  else steps.push(plain("printed", entry.text, entry));
}

/// What came after `turns`: it may begin with the rest of the last of them.
export function joined(turns: readonly Turn[], later: readonly Turn[]): Turn[] {
  const last = turns.at(-1);
  const first = later[0];
  if (last === undefined || first === undefined) return [...turns, ...later];
  if (first.id !== "" && first.id !== last.id) return [...turns, ...later];
  return [...turns.slice(0, -1), { id: last.id, entries: [...last.entries, ...first.entries] }, ...later.slice(1)];
}

class Reading {
  private readonly calls = new Map<string, Step>();
  /// Whether the agent is in the middle of a turn; one that prints no turns never is.
  private isBusy = false;
  private waiting: Step[] = [];

  stepsOf(entries: readonly Entry[]): Step[] {
    const steps: Step[] = [];
    for (const entry of entries) this.read(entry, steps);
    return steps;
  }

  private read(entry: Entry, steps: Step[]): void {
    if (entry.kind === "result") return this.answer(entry, entry.text);
    if (entry.kind === "refused") return this.answer(entry, "It was not allowed to.");
    if (entry.kind === "output") return addPrinted(steps, entry);
    const step = entry.kind === "tool" ? toolStep(entry) : plainStep(entry);
    if (entry.kind === "tool") this.calls.set(entry.tool_use, step);
    this.followTurn(step);
    steps.push(step);
  }

  /// What was said to an agent at work is read when its turn has ended.
  private followTurn(step: Step): void {
    if (step.kind === "message") {
      step.isQueued = this.isBusy;
      this.waiting.push(step);
      return;
    }
    this.isBusy = step.kind !== "end";
    if (this.isBusy) return;
    for (const message of this.waiting) message.isQueued = false;
    this.waiting = [];
  }

  /// Its call may be of an earlier turn.
  private answer(entry: Entry, words: string): void {
    const call = this.calls.get(entry.tool_use);
    if (call === undefined) return;
    Object.assign(call, { answer: words, isError: entry.error, time: call.time ?? entry.time });
  }
}

function plainStep(entry: Entry): Step {
  if (entry.kind === "end") return { ...plain("end", entry.name, entry), details: entry.text };
  return plain(entry.kind as "text" | "thinking" | "message", entry.text, entry);
}

/// The turns of an agent, in order. Of agents that print none, there is one without a title, with what was printed.
/// They are counted only where `isAll` of them are here.
export function turnsOf(turns: readonly Turn[], isAll: boolean): TurnSteps[] {
  const reading = new Reading();
  let number = 0;
  const shown = turns.map((turn) => {
    const steps = reading.stepsOf(turn.entries);
    if (turn.id !== "") number += 1;
    const title = turn.id === "" ? "" : isAll ? `Turn ${number}` : "Turn";
    return { title, steps };
  });
  return shown.map(({ title, steps }) => ({ title, steps, time: steps.find((step) => step.time !== null)?.time ?? null }));
}

/// What was said to the agent and waits, in order.
export function queuedIn(turns: readonly TurnSteps[]): Step[] {
  return turns.flatMap((turn) => turn.steps.filter((step) => step.isQueued));
}

/// The newest turns with at most so many steps.
export function newest(turns: readonly TurnSteps[], most: number): TurnSteps[] {
  const kept: TurnSteps[] = [];
  let room = most;
  for (let index = turns.length - 1; index >= 0 && room > 0; index -= 1) {
    const turn = turns[index]!;
    kept.push({ ...turn, steps: turn.steps.slice(-room) });
    room -= turn.steps.length;
  }
  return kept.reverse();
}
