// What an agent said and did, as steps: the entries of the API's turns, each call of a tool with its answer.

import type { Schemas } from "../../api";

export type Entry = Schemas["TurnEntry"];

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
  return { kind, title, details: "", answer: "", isError: entry.error, isInside: entry.inside !== "" };
}

/// Lines that follow each other are one step.
function addPrinted(steps: Step[], entry: Entry): void {
  const last = steps.at(-1);
  if (last?.kind === "printed") last.title += `\n${entry.text}`;
  else steps.push(plain("printed", entry.text, entry));
}

/// The steps of these entries, in order. Of agents that print no steps, they are what was printed.
export function stepsOf(entries: readonly Entry[]): Step[] {
  const steps: Step[] = [];
  const calls = new Map<string, Step>();
  const answer = (entry: Entry, words: string) => {
    const call = calls.get(entry.tool_use);
    if (call !== undefined) Object.assign(call, { answer: words, isError: entry.error });
  };
  for (const entry of entries) {
    if (entry.kind === "text" || entry.kind === "thinking") steps.push(plain(entry.kind, entry.text, entry));
    if (entry.kind === "output") addPrinted(steps, entry);
    if (entry.kind === "message") steps.push(plain("message", entry.text, entry));
    if (entry.kind === "end") steps.push({ ...plain("end", entry.name, entry), details: entry.text });
    if (entry.kind === "result") answer(entry, entry.text);
    if (entry.kind === "refused") answer(entry, "It was not allowed to.");
    if (entry.kind !== "tool") continue;
    const step = toolStep(entry);
    calls.set(entry.tool_use, step);
    steps.push(step);
  }
  return steps;
}
