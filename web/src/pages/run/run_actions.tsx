// What can be done with a run: stop it, speak to it, try it again.

import { useMemo, useState } from "preact/hooks";
import { post, type Run } from "../../api";
import { attempt, tellDone } from "../../notices";
import { Badge } from "../../parts";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { visibleLines } from "../../text";
import { queuedIn, turnsOf } from "./conversation";
import { useNews } from "./conversation_view";
import { makeTranscriptStore } from "./transcript_store";

export function StopOrRetry({ run, onChanged }: { run: Run; onChanged: () => void }) {
  async function stop(): Promise<void> {
    if (await attempt(() => post("/runs/{run}/stop", { path: { run: run.id }, body: {} }), "The run is asked to end.")) {
      onChanged();
    }
  }
  async function retry(): Promise<void> {
    await attempt(async () => {
      const begun = await post("/runs/{run}/retry", { path: { run: run.id }, body: {} });
      location.hash = href("run", begun.id);
    }, "The run is tried again.");
  }
  if (!mayWrite.value) return null;
  if (run.status === "running" && !run.presumed_dead) {
    return (
      <button type="button" class="danger" onClick={() => void stop()}>
        Stop
      </button>
    );
  }
  return (
    <button type="button" onClick={() => void retry()}>
      Try again
    </button>
  );
}

/// Beside the form, whatever view is chosen: each until the turn that takes it.
function Queued({ run }: { run: string }) {
  const store = useMemo(() => makeTranscriptStore(run), [run]);
  useNews(store, true);
  const { turns, first } = store.state.value;
  const waiting = useMemo(() => queuedIn(turnsOf(turns, first === 0)), [turns, first]);
  if (waiting.length === 0) return null;
  return (
    <ul class="rows" aria-label="Messages that wait for the agent">
      {waiting.map((message, index) => (
        <li key={index}>
          <span class="text">{visibleLines(message.title)}</span>
          <Badge tone="warn">queued</Badge>
        </li>
      ))}
    </ul>
  );
}

export function SendMessage({ run }: { run: Run }) {
  const [text, setText] = useState("");
  const [hasQueued, setHasQueued] = useState(false);
  async function send(): Promise<void> {
    await attempt(async () => {
      const taken = await post("/runs/{run}/messages", { path: { run: run.id }, body: { text } });
      setText("");
      if (taken.queued) setHasQueued(true);
      tellDone(taken.queued ? "Queued: the agent reads it after its turn." : "The agent has the message.");
    });
  }
  return (
    <>
      <form
        class="message"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label>
          Message to the agent
          <input value={text} required autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <button type="submit">Send</button>
      </form>
      {hasQueued && <Queued run={run.id} />}
    </>
  );
}
