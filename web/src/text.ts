// Text of others as it is shown: what would not be seen, or would turn the direction of writing, is written out, as the
// terminal has it (docs/text-of-others.md). Everything goes into text nodes, so nothing of it is ever markup.

const selector = /[\uFE00-\uFE0F]/;
const hidden =
  /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]|[\p{Cs}]/gu;
const selectorsAlone = /(?<![\p{Emoji}\p{L}\p{So}\p{Sm}])[\uFE00-\uFE0F]/gu;

function escaped(letter: string): string {
  return `\\u{${letter.codePointAt(0)!.toString(16)}}`;
}

/// A text of several lines: line ends and tabs stay.
export function visibleLines(text: string): string {
  const plain = text.replace(/\r\n/g, "\n").replace(hidden, (letter) => (/[\n\t]/.test(letter) ? letter : escaped(letter)));
  return selector.test(plain) ? plain.replace(selectorsAlone, escaped) : plain;
}

/// A value: one line.
export function visible(text: string): string {
  return visibleLines(text).replace(/[\n\t]+/g, " ");
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2)}`;
}

const units: readonly [string, number][] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

/// "3 min": the largest unit that fits.
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  for (const [name, size] of units) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${name}`;
  }
  return "0 s";
}

export function bytes(count: number): string {
  const sizes = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(sizes.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
  const amount = count / 1024 ** power;
  return `${amount.toFixed(power === 0 || amount >= 100 ? 0 : 1)} ${sizes[power]}`;
}

/// Clocks differ, and ours goes in steps.
const aMoment = 6_000;

/// "3 min ago", "in 2 h", "now".
export function relative(time: string, now: number): string {
  const away = Date.parse(time) - now;
  if (Number.isNaN(away)) return visible(time);
  if (Math.abs(away) < aMoment) return "now";
  return away > 0 ? `in ${duration(away)}` : `${duration(-away)} ago`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/// What the program has noted in it for itself says nothing to people.
export function withoutMarkers(body: string): string {
  return body
    .replace(/^<!-- git-changeling:.*-->$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
