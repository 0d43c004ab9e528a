// Why nobody works on a task that could be worked on.

import type { Status, TaskCard } from "../../api";
import { relative, visible } from "../../text";

/// What is known of the machine and the repository besides the task.
export interface Facts {
  halted: boolean;
  /// Which cap of the repository is used up; empty for none.
  cap: string;
  /// Roles of the workers that are there; an empty one takes every task.
  workers: readonly string[];
  untrustedRoles: ReadonlySet<string>;
  /// Why tasks of a role wait for their agent's login; "" stands for tasks without one.
  missingLogins: ReadonlyMap<string, string>;
}

/// What a task is called; its id where that is not known here.
export type NameOf = (task: string) => string;

export const noFacts: Facts = { halted: false, cap: "", workers: [], untrustedRoles: new Set(), missingLogins: new Map() };

/// Without the sums: the start page has them.
function capInWords(reached: string | null): string {
  return visible(reached ?? "").replace(/ is reached: .*$/, " is reached");
}

export function factsOf(status: Status | null, untrusted: readonly string[]): Facts {
  if (status === null) return noFacts;
  return {
    halted: status.halt !== null,
    cap: capInWords(status.cap_reached),
    workers: status.sessions.map((session) => session.role),
    untrustedRoles: new Set(untrusted),
    missingLogins: new Map(
      status.missing_logins.flatMap(({ agent, roles }) => roles.map((role) => [role, `${visible(agent)} is not logged in`] as const)),
    ),
  };
}

function gateInWords(gate: string, now: number): string {
  if (gate === "person") return "waits for a person's approval";
  if (gate.startsWith("until:")) return `waits until ${relative(gate.slice("until:".length), now)}`;
  return `waits for ${visible(gate)}`;
}

function waitsFor(card: TaskCard, nameOf: NameOf): string {
  return `waits for ${card.blocked_by.map((task) => visible(nameOf(task))).join(", ")}`;
}

function ofReady(card: TaskCard, facts: Facts, now: number, nameOf: NameOf): string {
  if (card.blocked_by.length > 0) return waitsFor(card, nameOf);
  if (card.closed_gate !== null) return gateInWords(card.closed_gate, now);
  if (card.role !== "" && facts.untrustedRoles.has(card.role)) return `role ${visible(card.role)} is not trusted here`;
  const login = facts.missingLogins.get(card.role);
  if (login !== undefined) return login;
  if (facts.halted) return "everything is switched off";
  if (facts.cap !== "") return facts.cap;
  if (facts.workers.length === 0) return "no worker is running here";
  const takes = (role: string) => role === "" || card.role === "" || role === card.role;
  if (!facts.workers.some(takes)) return `no worker for role ${visible(card.role)} is running here`;
  return "";
}

/// Empty where nothing keeps it from being worked on, or it is worked on.
export function whyNotRunning(card: TaskCard, facts: Facts, now: number, nameOf: NameOf = (task) => task): string {
  if (card.status === "blocked") return card.blocked_reason === "" ? "blocked" : visible(card.blocked_reason);
  if (card.status === "ready") return ofReady(card, facts, now, nameOf);
  if (card.status === "inbox" || card.status === "planning") {
    if (card.blocked_by.length > 0) return waitsFor(card, nameOf);
    return card.closed_gate === null ? "" : gateInWords(card.closed_gate, now);
  }
  return "";
}

/// Who has it, and for how long.
export function claimOf(card: TaskCard, now: number): string {
  if (card.lease === null) return "";
  const isOver = Date.parse(card.lease.expires_at) <= now;
  const until = isOver ? `lease ended ${relative(card.lease.expires_at, now)}` : `lease ends ${relative(card.lease.expires_at, now)}`;
  const provisional = card.lease.provisional === true ? " · the remote does not know it yet" : "";
  return `${visible(card.lease.owner)} · ${until}${provisional}`;
}
