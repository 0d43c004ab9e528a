// The steps of an agent: what it said, and its tool calls, folded.

import { useEffect, useMemo } from "preact/hooks";
import { Badge } from "../../parts";
import { visible, visibleLines } from "../../text";
import { type Step, stepsOf } from "./conversation";
import { LogView } from "./log_view";
import type { makeLogStore } from "./log_store";

const mostSteps = 300;
const mostLetters = 20_000;
const lookAgainMilliseconds = 2_000;

function ToolCall({ step }: { step: Step }) {
  return (
    <details class="tool-call">
      <summary>
        {visible(step.title).slice(0, 200)} {step.isError && <Badge tone="bad">error</Badge>}
      </summary>
      <pre tabIndex={0}>{visibleLines(step.details.slice(0, mostLetters))}</pre>
      {step.answer !== "" && <pre tabIndex={0}>{visibleLines(step.answer.slice(0, mostLetters))}</pre>}
    </details>
  );
}

function StepView({ step }: { step: Step }) {
  if (step.kind === "tool") return <ToolCall step={step} />;
  const label = { text: "", system: "To the agent: ", result: "End: " }[step.kind];
  const words = step.kind === "result" && step.details !== "" ? `${step.title}\n${step.details}` : step.title;
  return <p class={`text said ${step.kind}`}>{label + visibleLines(words.slice(0, mostLetters))}</p>;
}

type Store = ReturnType<typeof makeLogStore>;

/// The transcript has no subscription: while the run goes on it is asked for what is new.
function useNews(store: Store, isLive: boolean): void {
  useEffect(() => {
    if (!isLive) return;
    const timer = setInterval(() => void store.loadMore(), lookAgainMilliseconds);
    return () => clearInterval(timer);
  }, [store, isLive]);
}

export function ConversationView({ store, run, isLive }: { store: Store; run: string; isLive: boolean }) {
  useNews(store, isLive);
  const { lines, first, isLoaded } = store.state.value;
  const steps = useMemo(() => stepsOf(lines.map((line) => line.text)), [lines]);
  if (!isLoaded) return <p class="empty">Loading …</p>;
  if (steps.length === 0) return <LogView store={store} run={run} marked={null} label="What the agent printed" />;
  return (
    <>
      {(first > 0 || steps.length > mostSteps) && (
        <div class="toolbar">
          {first > 0 && (
            <button type="button" onClick={() => void store.loadEarlier()}>
              Load earlier
            </button>
          )}
          <small>the newest {Math.min(steps.length, mostSteps)} steps</small>
        </div>
      )}
      <div class="conversation">
        {steps.slice(-mostSteps).map((step, index) => (
          <StepView key={index} step={step} />
        ))}
      </div>
    </>
  );
}
