// The switch that turns everything off, on every machine, and what is said while it is off.

import { useEffect, useState } from "preact/hooks";
import { getUnlessKnown, put, remove, type Schemas } from "./api";
import { makeResource } from "./resource";
import { attempt } from "./notices";
import { mayWrite } from "./session";
import { capitalised, visible } from "./text";
import { Dialog } from "./dialog";

/// No event tells of the switch; it is asked for again now and then, and with whatever happens.
const halt = makeResource<Schemas["Halt"]>((known) => getUnlessKnown("/halt", {}, known), () => true);
const lookAgainMilliseconds = 30_000;

function useHalt(): Schemas["Halt"]["halt"] {
  useEffect(() => {
    const stop = halt.start();
    const timer = setInterval(halt.reload, lookAgainMilliseconds);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return halt.state.value.value?.halt ?? null;
}

export function HaltBanner() {
  const current = halt.state.value.value?.halt ?? null;
  if (current === null) return null;
  return (
    <p class="banner" role="alert">
      {capitalised(visible(current.reason))}. Nothing starts by itself, on any machine.
    </p>
  );
}

async function switchOff(reason: string): Promise<void> {
  await put("/halt", { body: { reason } });
  halt.reload();
}

async function switchOn(): Promise<void> {
  await remove("/halt", {});
  halt.reload();
}

function OffDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState("");
  async function confirm(): Promise<void> {
    if (await attempt(() => switchOff(reason), "Everything is switched off.")) onClose();
  }
  return (
    <Dialog title="Switch everything off?" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <p>No schedule, hook or worker starts anything any more, on any machine. What runs goes on.</p>
        <label>
          Why, for those who find it off
          <input value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        <div class="actions">
          <button type="submit" class="danger">
            Switch off
          </button>
          <button type="button" onClick={onClose}>
            Leave it on
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function HaltSwitch() {
  const isOff = useHalt() !== null;
  const [isAsking, setAsking] = useState(false);
  const change = () => (isOff ? void attempt(switchOn, "Everything is switched on again.") : setAsking(true));
  return (
    <>
      <button type="button" role="switch" aria-checked={!isOff} disabled={!mayWrite.value} onClick={change}>
        {isOff ? "Everything is off" : "Everything is on"}
      </button>
      {isAsking && <OffDialog onClose={() => setAsking(false)} />}
    </>
  );
}
