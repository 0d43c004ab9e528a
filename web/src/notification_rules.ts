// Which notifications a page gives: one of a cause, and of a kind three within an hour; what comes then is one message
// that says how much it is (as docs/notifications.md#how-often has it).

import { groups, linkOf, type Need } from "./pages/needs_you/kinds";
import { href } from "./router";
import { plural, visible } from "./text";

export interface Message {
  /// The browser shows one of a tag; a later one takes its place.
  tag: string;
  title: string;
  text: string;
  /// The page that settles it.
  link: string;
}

/// What the page knows of what was told; each page begins anew.
export interface Told {
  causes: ReadonlySet<string>;
  /// When notifications of a kind were given, in milliseconds.
  times: ReadonlyMap<string, readonly number[]>;
  /// Of a kind that was told often enough, what came since.
  gathered: ReadonlyMap<string, number>;
}

export const mostOfAKind = 3;
const anHour = 3_600_000;
/// More are forgotten, the oldest first: a page may be open for months.
const mostCauses = 5_000;

export function causeOf(need: Need): string {
  return `${need.kind} ${need.subject} ${need.since ?? ""}`;
}

function titleOf(kind: Need["kind"]): string {
  return groups.find(({ kinds }) => kinds.includes(kind))?.title ?? "Needs you";
}

/// What waits when the page is opened is seen there, and not told.
export function toldAtFirst(needs: readonly Need[]): Told {
  return { causes: new Set(needs.map(causeOf)), times: new Map(), gathered: new Map() };
}

function single(need: Need): Message {
  const link = linkOf(need);
  return { tag: causeOf(need), title: titleOf(need.kind), text: visible(need.text), link: link === "" ? href("") : link };
}

function digest(kind: Need["kind"], count: number): Message {
  return { tag: `more ${kind}`, title: titleOf(kind), text: `${plural(count, "more thing")} within the hour`, link: href("") };
}

/// What is to be shown now, and what is known afterwards.
export function messagesFor(needs: readonly Need[], told: Told, now: number): { messages: Message[]; told: Told } {
  const messages: Message[] = [];
  const causes = new Set(told.causes);
  const times = new Map<string, number[]>();
  const gathered = new Map(told.gathered);
  for (const [kind, of] of told.times) times.set(kind, of.filter((time) => now - time < anHour));
  for (const [kind] of gathered) if ((times.get(kind) ?? []).length === 0) gathered.delete(kind);
  const grown = new Set<Need["kind"]>();
  for (const need of needs) {
    if (causes.has(causeOf(need))) continue;
    causes.add(causeOf(need));
    const recent = times.get(need.kind) ?? [];
    if (recent.length < mostOfAKind) {
      times.set(need.kind, [...recent, now]);
      messages.push(single(need));
    } else {
      gathered.set(need.kind, (gathered.get(need.kind) ?? 0) + 1);
      grown.add(need.kind);
    }
  }
  for (const kind of grown) messages.push(digest(kind, gathered.get(kind)!));
  return { messages, told: { causes: new Set([...causes].slice(-mostCauses)), times, gathered } };
}
