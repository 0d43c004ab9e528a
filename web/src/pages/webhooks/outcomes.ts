// What came of a delivery, in a word and a colour (docs/webhooks.md#what-comes-of-it).

import type { Schemas } from "../../api";
import type { Tone } from "../../parts";

export type Delivery = Schemas["Delivery"];

const tones: Record<string, Tone> = {
  started: "good",
  "task-added": "good",
  failed: "bad",
  refused: "warn",
  "not-trusted": "warn",
};

export function standingOf(delivery: Pick<Delivery, "outcome" | "problem">): { word: string; tone: Tone } {
  if (delivery.outcome !== null) return { word: delivery.outcome, tone: tones[delivery.outcome] ?? "plain" };
  return delivery.problem === null ? { word: "waits", tone: "plain" } : { word: "waits", tone: "warn" };
}
