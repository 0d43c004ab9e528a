// What an agent said and did, by turns; its tool calls are folded.

import { useEffect, useMemo } from "preact/hooks";
import { Badge } from "../../parts";
import { visible, visibleLines } from "../../text";
import { newest, type Step, turnsOf, type TurnSteps } from "./conversation";
import { makeTranscriptStore } from "./transcript_store";

const mostSteps = 300;
const lookAgainMilliseconds = 2_000;
const labels = { text: "", thinking: "Thinking: ", message: "To the agent: ", end: "End: " };

/// The moment itself: ages of what was done in a row say little.
function At({ time }: { time: string | null }) {
  if (time === null) return null;
  return (
    <time dateTime={time} title={time}>
      {new Date(time).toLocaleTimeString()}
    </time>
  );
}

function ToolCall({ step }: { step: Step }) {
  return (
    <details class={step.isInside ? "tool-call inside" : "tool-call"}>
      <summary>
        {visible(step.title).slice(0, 200)} {step.isError && <Badge tone="bad">error</Badge>} <At time={step.time} />
      </summary>
      <pre tabIndex={0}>{visibleLines(step.details)}</pre>
      {step.answer !== "" && <pre tabIndex={0}>{visibleLines(step.answer)}</pre>}
    </details>
  );
}

function StepView({ step, isLive }: { step: Step; isLive: boolean }) {
  if (step.kind === "tool") return <ToolCall step={step} />;
  if (step.kind === "printed") return <pre tabIndex={0}>{visibleLines(step.title)}</pre>;
  const isQueued = step.isQueued && isLive;
  const words = step.details === "" ? step.title : `${step.title}\n${step.details}`;
  return (
    <p class={`text said ${step.kind}${step.isInside ? " inside" : ""}`}>
      {labels[step.kind] + visibleLines(words)} {isQueued && <Badge tone="warn">queued</Badge>}
    </p>
  );
}

function TurnView({ turn, isLive }: { turn: TurnSteps; isLive: boolean }) {
  if (turn.steps.length === 0) return null;
  return (
    <>
      {turn.title !== "" && (
        <h3 class="turn">
          {turn.title} <At time={turn.time} />
        </h3>
      )}
      {turn.steps.map((step, index) => (
        <StepView key={index} step={step} isLive={isLive} />
      ))}
    </>
  );
}

type Store = ReturnType<typeof makeTranscriptStore>;

/// The transcript has no subscription: while the run goes on it is asked for what is new, and once more at the end.
export function useNews(store: Store, isLive: boolean): void {
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
  const { turns, first, isLoaded, problem } = store.state.value;
  const all = useMemo(() => turnsOf(turns, first === 0), [turns, first]);
  const count = all.reduce((sum, turn) => sum + turn.steps.length, 0);
  if (problem !== null && !isLoaded) return <p class="notice problem">{visible(problem.message)}</p>;
  if (!isLoaded) return <p class="empty">Loading …</p>;
  return (
    <>
      {(store.canLoadEarlier() || count > mostSteps) && (
        <div class="toolbar">
          {store.canLoadEarlier() && (
            <button type="button" onClick={() => void store.loadEarlier()}>
              Load earlier
            </button>
          )}
          <small>the newest {Math.min(count, mostSteps)} steps</small>
        </div>
      )}
      <div class="conversation" role="region" aria-label="What the agent printed">
        {count === 0 && <p class="empty">The agent has printed nothing yet.</p>}
        {newest(all, mostSteps).map((turn, index) => (
          <TurnView key={index} turn={turn} isLive={isLive} />
        ))}
      </div>
    </>
  );
}
