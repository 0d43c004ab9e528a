// What can be done with a run: stop it, speak to it, try it again.

import { useState } from "preact/hooks";
import { post, type Run } from "../../api";
import { attempt, tellDone } from "../../notices";
import { href } from "../../router";
import { mayWrite } from "../../session";

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

export function SendMessage({ run }: { run: Run }) {
  const [text, setText] = useState("");
  async function send(): Promise<void> {
    await attempt(async () => {
      const taken = await post("/runs/{run}/messages", { path: { run: run.id }, body: { text } });
      setText("");
      tellDone(taken.queued ? "Queued: the agent reads it after its turn." : "The agent has the message.");
    });
  }
  return (
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
  );
}
