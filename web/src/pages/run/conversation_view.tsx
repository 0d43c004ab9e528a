// The steps of an agent: what it said, and its tool calls, folded.

import { useEffect, useMemo } from "preact/hooks";
import { Badge } from "../../parts";
import { visible, visibleLines } from "../../text";
import { type Step, stepsOf } from "./conversation";
import { makeTranscriptStore } from "./transcript_store";

const mostSteps = 300;
const lookAgainMilliseconds = 2_000;
const labels = { text: "", thinking: "Thinking: ", message: "To the agent: ", end: "End: " };

function ToolCall({ step }: { step: Step }) {
  return (
    <details class={step.isInside ? "tool-call inside" : "tool-call"}>
      <summary>
        {visible(step.title).slice(0, 200)} {step.isError && <Badge tone="bad">error</Badge>}
      </summary>
      <pre tabIndex={0}>{visibleLines(step.details)}</pre>
      {step.answer !== "" && <pre tabIndex={0}>{visibleLines(step.answer)}</pre>}
    </details>
  );
}

function StepView({ step }: { step: Step }) {
  if (step.kind === "tool") return <ToolCall step={step} />;
  if (step.kind === "printed") return <pre tabIndex={0}>{visibleLines(step.title)}</pre>;
  const words = step.details === "" ? step.title : `${step.title}\n${step.details}`;
  return <p class={`text said ${step.kind}${step.isInside ? " inside" : ""}`}>{labels[step.kind] + visibleLines(words)}</p>;
}

type Store = ReturnType<typeof makeTranscriptStore>;

/// The transcript has no subscription: while the run goes on it is asked for what is new, and once more at the end.
function useNews(store: Store, isLive: boolean): void {
  useEffect(() => void store.loadTail(), [store]);
  useEffect(() => {
    if (!isLive) {
      if (store.state.value.isLoaded) void store.loadMore();
      return;
    }
    const timer = setInterval(() => void store.loadMore(), lookAgainMilliseconds);
    return () => clearInterval(timer);
  }, [store, isLive]);
}

export function ConversationView({ run, isLive }: { run: string; isLive: boolean }) {
  const store = useMemo(() => makeTranscriptStore(run), [run]);
  useNews(store, isLive);
  const { entries, isLoaded, problem } = store.state.value;
  const steps = useMemo(() => stepsOf(entries), [entries]);
  if (problem !== null && !isLoaded) return <p class="notice problem">{visible(problem.message)}</p>;
  if (!isLoaded) return <p class="empty">Loading …</p>;
  return (
    <>
      {(store.canLoadEarlier() || steps.length > mostSteps) && (
        <div class="toolbar">
          {store.canLoadEarlier() && (
            <button type="button" onClick={() => void store.loadEarlier()}>
              Load earlier
            </button>
          )}
          <small>the newest {Math.min(steps.length, mostSteps)} steps</small>
        </div>
      )}
      <div class="conversation" role="region" aria-label="What the agent printed">
        {steps.length === 0 && <p class="empty">The agent has printed nothing yet.</p>}
        {steps.slice(-mostSteps).map((step, index) => (
          <StepView key={index} step={step} />
        ))}
      </div>
    </>
  );
}
