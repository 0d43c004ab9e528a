// Values of a record's fields as the text of a form, and back.

export interface Field {
  name: string;
  type: "string" | "array" | "object" | "integer" | "number" | "boolean";
  help: string;
  choices: readonly string[];
}

export type Values = Record<string, unknown>;
/// What stands in the form: a field's text, "true" or "" of one that is ticked.
export type Texts = Record<string, string>;

export function textOf(field: Field, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (field.type === "boolean") return value === true ? "true" : "";
  if (field.type === "array") return (value as string[]).join("\n");
  if (field.type === "object") {
    return Object.entries(value as Record<string, string>).map(([key, word]) => `${key}=${word}`).join("\n");
  }
  return String(value);
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

function pairsOf(field: Field, text: string): Record<string, string> {
  const pairs = linesOf(text).map((line) => {
    const end = line.indexOf("=");
    if (end < 1) throw new Error(`${field.name}: "${line}" is not NAME=VALUE`);
    return [line.slice(0, end).trim(), line.slice(end + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

function numberOf(field: Field, text: string): number {
  const number = Number(text.trim());
  if (text.trim() === "" || !Number.isFinite(number) || (field.type === "integer" && !Number.isInteger(number))) {
    throw new Error(`${field.name}: "${text}" is no ${field.type === "integer" ? "whole number" : "number"}`);
  }
  return number;
}

/// Throws an Error that names the field when the text is none of its values.
export function valueOf(field: Field, text: string): unknown {
  if (field.type === "boolean") return text === "true";
  if (field.type === "array") return linesOf(text);
  if (field.type === "object") return pairsOf(field, text);
  if (field.type === "integer" || field.type === "number") return numberOf(field, text);
  return text;
}

export function textsOf(fields: readonly Field[], values: Values): Texts {
  return Object.fromEntries(fields.map((field) => [field.name, textOf(field, values[field.name])]));
}

/// The texts that are other ones than before.
export function textsChanged(before: Texts, now: Texts): Texts {
  return Object.fromEntries(Object.entries(now).filter(([name, text]) => text !== (before[name] ?? "")));
}

/// The values of those fields whose text is another one than before.
export function changesIn(fields: readonly Field[], before: Texts, now: Texts): Values {
  const changed = fields.filter(({ name }) => (now[name] ?? "") !== (before[name] ?? ""));
  return Object.fromEntries(changed.map((field) => [field.name, valueOf(field, now[field.name] ?? "")]));
}
