// Small parts that several pages show alike.

import type { ComponentChildren } from "preact";
import "./parts.css";
import { now } from "./clock";
import { relative, visible } from "./text";

/// A moment by its age; the exact one on hover and for who copies.
export function Ago({ time }: { time: string | null | undefined }) {
  if (!time) return <>–</>;
  return (
    <time dateTime={time} title={time}>
      {relative(time, now.value)}
    </time>
  );
}

export type Tone = "good" | "bad" | "warn" | "plain";

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/// What is known of one thing, by name; what is null or empty is left out.
export function Properties({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  const shown = of.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl class="properties">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/// A text of others as it is, in lines.
export function Text({ of }: { of: string }) {
  return <p class="text">{of}</p>;
}

const tones: Record<string, string> = { "+": "added", "-": "deleted", "@": "hunk" };

/// A difference as `diff -u` writes it.
export function UnifiedDifference({ text, label }: { text: string; label: string }) {
  return (
    <pre class="difference" tabIndex={0} role="region" aria-label={label}>
      {text.replace(/\n$/, "").split("\n").map((line, index) => (
        <span key={index} class={tones[line.charAt(0)] ?? ""}>
          {`${visible(line)}\n`}
        </span>
      ))}
    </pre>
  );
}
