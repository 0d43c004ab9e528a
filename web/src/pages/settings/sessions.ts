// Sessions of the service, and links that begin one.

import type { Schemas } from "../../api";
import { placeOf } from "../../repositories";
import { dollars, plural } from "../../text";

export type SessionCost = Schemas["SessionCosts"]["sessions"][number];

/// "3 runs $1.50, chats $0.25": what a session has cost in this repository; empty for one that has caused nothing.
export function costIn(costs: readonly SessionCost[], session: string): string {
  const cost = costs.find((one) => one.session === session);
  if (cost === undefined) return "";
  const untold = cost.untold > 0 ? ` (${cost.untold} without a known cost)` : "";
  const parts = [
    cost.runs > 0 ? `${plural(cost.runs, "run")} ${dollars(cost.runs_usd)}${untold}` : "",
    cost.chats_usd > 0 ? `chats ${dollars(cost.chats_usd)}` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/// The link as others reach it: the service says it relative to itself, and this page knows where that is.
export function linkTo(invitation: Schemas["Invitation"], origin: string, pathname: string): string {
  return `${origin}${placeOf(pathname).root}${invitation.login_url}`;
}
