// What an agent printed, as steps: Claude Code's stream of JSON lines. Other agents print text, which has none.

export interface Step {
  kind: "text" | "tool" | "result" | "system";
  /// One line: what was said, or the tool and what it was used on.
  title: string;
  /// The whole of it; empty where the title is all.
  details: string;
  /// What the tool gave back, as far as it has come.
  answer: string;
  isError: boolean;
}

type Fields = Record<string, unknown>;
const telling = ["command", "file_path", "path", "pattern", "url", "query", "description", "prompt"];

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(line: string): Fields | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function blocksOf(event: Fields): Fields[] {
  const message = isFields(event.message) ? event.message : {};
  if (typeof message.content === "string") return [{ type: "text", text: message.content }];
  return Array.isArray(message.content) ? message.content.filter(isFields) : [];
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.filter(isFields).map((part) => String(part.text ?? "")).join("\n");
  return content === undefined ? "" : JSON.stringify(content);
}

function toolTitle(block: Fields): string {
  const input = isFields(block.input) ? block.input : {};
  const word = telling.map((name) => input[name]).find((value) => typeof value === "string" && value !== "");
  const first = String(word ?? "").split("\n")[0]!;
  return first === "" ? String(block.name) : `${String(block.name)}: ${first}`;
}

function step(kind: Step["kind"], title: string, details = ""): Step {
  return { kind, title, details, answer: "", isError: false };
}

/// The steps of these lines, in order; an unfinished last line and unknown ones give none.
export function stepsOf(lines: readonly string[]): Step[] {
  const steps: Step[] = [];
  const calls = new Map<unknown, Step>();
  for (const line of lines) {
    const event = parsed(line);
    if (event === null) continue;
    if (event.type === "assistant") readAssistant(event, steps, calls);
    else if (event.type === "user") readAnswers(event, steps, calls);
    else if (event.type === "result") steps.push(step("result", String(event.subtype ?? "result"), textOf(event.result)));
  }
  return steps;
}

function readAssistant(event: Fields, steps: Step[], calls: Map<unknown, Step>): void {
  for (const block of blocksOf(event)) {
    if (block.type === "text") steps.push(step("text", textOf(block.text)));
    if (block.type !== "tool_use") continue;
    const call = step("tool", toolTitle(block), JSON.stringify(block.input ?? {}, null, 2));
    calls.set(block.id, call);
    steps.push(call);
  }
}

function readAnswers(event: Fields, steps: Step[], calls: Map<unknown, Step>): void {
  for (const block of blocksOf(event)) {
    const call = calls.get(block.tool_use_id);
    if (block.type === "tool_result" && call !== undefined) {
      call.answer = textOf(block.content);
      call.isError = block.is_error === true;
    }
    if (block.type === "text") steps.push(step("system", textOf(block.text)));
  }
}
