// How runs end: what the words of the API mean, in their order.

import type { Run } from "../../api";
import type { Tone } from "../../parts";

interface Ending {
  tone: Tone;
  sentence: string;
}

export const outcomes: Record<string, Ending> = {
  "opened-pr": { tone: "good", sentence: "A pull request was opened." },
  "updated-pr": { tone: "good", sentence: "The pull request that was open was brought up to date." },
  reported: { tone: "good", sentence: "The agent's report is kept." },
  "no-changes": { tone: "plain", sentence: "There was nothing to do, or what was done is proposed already." },
  denied: { tone: "bad", sentence: "The agent changed nothing after it was refused a tool." },
  "verification-failed": { tone: "bad", sentence: "A verification command failed." },
  failed: { tone: "bad", sentence: "The agent or a step of the run failed." },
  "timed-out": { tone: "bad", sentence: "It took longer than its time limit." },
  stalled: { tone: "bad", sentence: "The agent was silent for too long." },
  "over-budget": { tone: "bad", sentence: "The agent has spent its budget." },
  killed: { tone: "warn", sentence: "It was stopped, or its program was." },
  "lost-lease": { tone: "warn", sentence: "Somebody else has its task now; nothing was published." },
};

export interface Standing extends Ending {
  word: string;
}

export function standingOf(run: Pick<Run, "status" | "outcome" | "presumed_dead">): Standing {
  if (run.status === "finished") {
    const word = run.outcome ?? "finished";
    return { word, ...(outcomes[word] ?? { tone: "plain", sentence: "" }) };
  }
  if (run.presumed_dead) return { word: "lost", tone: "bad", sentence: "Its machine is not heard of any more." };
  return { word: "running", tone: "plain", sentence: "" };
}
