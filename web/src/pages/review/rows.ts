// The lines of a difference as one list of rows of one height; what is folded gives only the row of its file.

import type { Schemas } from "../../api";

export type FileDifference = Schemas["FileDifference"];
export type DifferenceLine = Schemas["DifferenceLine"];

export type Row =
  | { kind: "file"; file: FileDifference; isOpen: boolean }
  | { kind: "hunk"; text: string }
  | { kind: "line"; line: DifferenceLine }
  /// `loads` is the path of which there is more.
  | { kind: "note"; text: string; loads: string | null };

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

function rowsOfFile(file: FileDifference): Row[] {
  if (file.binary) return [note("This file is binary.")];
  const rows: Row[] = [];
  for (const hunk of file.hunks) {
    rows.push({ kind: "hunk", text: hunkText(hunk) });
    for (const line of hunk.lines) {
      rows.push({ kind: "line", line });
      if (!line.line_end) rows.push(note("No line end at the end of the file."));
    }
  }
  if (file.cut) rows.push(note("There is more.", file.path));
  if (rows.length === 0) rows.push(note("Its lines are the same."));
  return rows;
}

/// `choice` is what somebody has chosen for a path, undefined for nothing.
export function rowsOf(files: readonly FileDifference[], choice: (path: string) => boolean | undefined): Row[] {
  const rows: Row[] = [];
  for (const file of files) {
    const isOpen = choice(file.path) ?? !isFoldedAtFirst(file);
    rows.push({ kind: "file", file, isOpen });
    if (isOpen) for (const row of rowsOfFile(file)) rows.push(row);
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
