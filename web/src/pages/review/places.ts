// Where comments belong in a difference, and which of them are shown there.

import type { Schemas } from "../../api";
import type { DifferenceLine, FileDifference } from "./rows";

export type Thread = Schemas["ReviewThread"];
export type Side = Thread["side"];

/// A line of one side of a file; without a line the whole file.
export interface Place {
  file: string;
  line: number | null;
  side: Side;
}

export function keyOf({ file, line, side }: Place): string {
  return `${side} ${line ?? 0} ${file}`;
}

export function placesOfFile(file: FileDifference): Place[] {
  return [
    { file: file.path, line: null, side: "new" },
    { file: file.old_path, line: null, side: "old" },
  ];
}

/// Of a line that both sides have, the new one comes first: there comments are written.
export function placesOfLine(file: FileDifference, line: DifferenceLine): Place[] {
  const places: Place[] = [];
  if (line.new !== null) places.push({ file: file.path, line: line.new, side: "new" });
  if (line.old !== null) places.push({ file: file.old_path, line: line.old, side: "old" });
  return places;
}

/// Where a thread is today; null for one of an earlier version.
export function placeOf(thread: Thread): Place | null {
  return thread.now === null ? null : { ...thread.now, side: thread.side };
}

export function shownKeys(files: readonly FileDifference[]): Set<string> {
  const keys = new Set<string>();
  for (const file of files) {
    for (const place of placesOfFile(file)) keys.add(keyOf(place));
    for (const hunk of file.hunks)
      for (const line of hunk.lines) for (const place of placesOfLine(file, line)) keys.add(keyOf(place));
  }
  return keys;
}

/// "README.md, line 3 before the change"
export function nameOf({ file, line, side }: Place): string {
  return `${file}${line === null ? "" : `, line ${line}`}${side === "old" ? " before the change" : ""}`;
}

const lettersOfRow = 60;
const mostRows = 14;

/// Rows that a box with this text takes, besides those for what stands around it.
export function rowsOfText(text: string, around: number): number {
  const rows = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lettersOfRow)), 0);
  return Math.min(mostRows, rows) + around;
}
