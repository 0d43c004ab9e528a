// The lines of a difference as one list of rows of one height; what is folded gives only the row of its file.

import type { Schemas } from "../../api";
import { keyOf, type Place, placesOfFile, placesOfLine } from "./places";

export type FileDifference = Schemas["FileDifference"];
export type DifferenceLine = Schemas["DifferenceLine"];

export type Row =
  | { kind: "file"; file: FileDifference; isOpen: boolean }
  | { kind: "hunk"; text: string }
  | { kind: "line"; file: FileDifference; line: DifferenceLine }
  /// What people say of the row above: a box as high as itself and the spare rows that follow it.
  | { kind: "block"; block: Block }
  | { kind: "spare" }
  /// `loads` is the path of which there is more.
  | { kind: "note"; text: string; loads: string | null };

/// A box of so many rows below the line of its place.
export interface Block {
  key: string;
  rows: number;
}

/// By the key of the place.
export type Blocks = ReadonlyMap<string, readonly Block[]>;

export const largeFileLines = 400;

/// Generated, binary and large files are folded until they are opened.
export function isFoldedAtFirst(file: FileDifference): boolean {
  return file.generated || file.binary || file.added + file.deleted > largeFileLines;
}

function hunkText({ old_start, old_lines, new_start, new_lines, section }: Schemas["Hunk"]): string {
  return `@@ -${old_start},${old_lines} +${new_start},${new_lines} @@ ${section}`.trimEnd();
}

function note(text: string, loads: string | null = null): Row {
  return { kind: "note", text, loads };
}

function addBlocks(rows: Row[], places: readonly Place[], blocks: Blocks): void {
  for (const block of places.flatMap((place) => blocks.get(keyOf(place)) ?? [])) {
    rows.push({ kind: "block", block });
    for (let row = 1; row < block.rows; row += 1) rows.push({ kind: "spare" });
  }
}

function rowsOfFile(file: FileDifference, blocks: Blocks): Row[] {
  const rows: Row[] = [];
  addBlocks(rows, placesOfFile(file), blocks);
  if (file.binary) return [...rows, note("This file is binary.")];
  const before = rows.length;
  for (const hunk of file.hunks) {
    rows.push({ kind: "hunk", text: hunkText(hunk) });
    for (const line of hunk.lines) {
      rows.push({ kind: "line", file, line });
      addBlocks(rows, placesOfLine(file, line), blocks);
      if (!line.line_end) rows.push(note("No line end at the end of the file."));
    }
  }
  if (file.cut) rows.push(note("There is more.", file.path));
  if (rows.length === before) rows.push(note("Its lines are the same."));
  return rows;
}

function hasBlocks(file: FileDifference, blocks: Blocks): boolean {
  const has = (place: Place) => blocks.has(keyOf(place));
  if (blocks.size === 0) return false;
  return placesOfFile(file).some(has) || file.hunks.some((hunk) => hunk.lines.some((line) => placesOfLine(file, line).some(has)));
}

/// `choice` is what somebody has chosen for a path, undefined for nothing.
export function rowsOf(
  files: readonly FileDifference[],
  choice: (path: string) => boolean | undefined,
  blocks: Blocks = new Map(),
): Row[] {
  const rows: Row[] = [];
  for (const file of files) {
    const isOpen = choice(file.path) ?? (!isFoldedAtFirst(file) || hasBlocks(file, blocks));
    rows.push({ kind: "file", file, isOpen });
    if (isOpen) for (const row of rowsOfFile(file, blocks)) rows.push(row);
  }
  return rows;
}

export function titleOf(file: FileDifference): string {
  return file.change === "renamed" ? `${file.old_path} → ${file.path}` : file.path;
}

/// "added, generated": what is to be known before it is opened.
export function remarksOn(file: FileDifference): string {
  const change = file.change === "modified" ? "" : file.change;
  return [change, file.generated ? "generated" : "", file.binary ? "binary" : ""].filter((word) => word !== "").join(", ");
}
