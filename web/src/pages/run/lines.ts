// A log in lines, each with the byte at which it begins: so a link to a line holds while the log grows, and also when
// only its end is loaded.

export interface Line {
  at: number;
  text: string;
}

const encoder = new TextEncoder();

export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/// The last one may be unfinished; an empty text has none.
export function linesOf(text: string, at: number): Line[] {
  const lines: Line[] = [];
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    const upTo = end === -1 ? text.length : end;
    const line = text.slice(from, upTo);
    lines.push({ at, text: line });
    at += bytesOf(line) + 1;
    from = upTo + 1;
  }
  return lines;
}

/// What remains when the line is left out with which the text begins in the middle; null when it has no other.
export function fromWholeLine(text: string): string | null {
  const end = text.indexOf("\n");
  return end === -1 || end === text.length - 1 ? null : text.slice(end + 1);
}

/// The line in which this byte is, -1 when it comes before all of them.
export function lineAt(lines: readonly Line[], at: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function linesWith(lines: readonly Line[], words: string): number[] {
  const wanted = words.toLowerCase();
  if (wanted === "") return [];
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []));
}
