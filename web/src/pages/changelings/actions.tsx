// What can be done with a changeling: run it, let schedules start it or not, change it, take it away.

import { useState } from "preact/hooks";
import { post, remove, type Schemas } from "../../api";
import { Dialog } from "../../dialog";
import { attempt } from "../../notices";
import { href } from "../../router";
import { visible } from "../../text";

function RemoveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  async function confirm(): Promise<void> {
    const path = { changeling: name };
    if (!(await attempt(() => remove("/changelings/{changeling}", { path }), `${visible(name)} is removed.`))) return;
    onClose();
    location.hash = href("changelings");
  }
  return (
    <Dialog title={`Remove ${visible(name)}?`} onClose={onClose}>
      <p>Its definition goes; its runs and requests stay. It can be undone under Time.</p>
      <div class="actions">
        <button type="button" class="danger" onClick={() => void confirm()}>
          Remove it
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}

interface ActionsProps {
  definition: Schemas["Changeling"];
  onChanged: () => void;
  onEdit: () => void;
}

export function Actions({ definition, onChanged, onEdit }: ActionsProps) {
  const [isRemoving, setRemoving] = useState(false);
  const { name, enabled } = definition;
  const path = { changeling: name };
  const runNow = () =>
    attempt(async () => {
      const run = await post("/changelings/{changeling}/runs", { path, body: {} });
      location.hash = href("run", run.id);
    });
  async function toggle(): Promise<void> {
    const template = enabled ? "/changelings/{changeling}/disable" : "/changelings/{changeling}/enable";
    await attempt(() => post(template, { path, body: {} }), `${visible(name)} is ${enabled ? "disabled" : "enabled"}.`);
    onChanged();
  }
  return (
    <div class="toolbar">
      <button type="button" class="primary" onClick={() => void runNow()}>
        Run now
      </button>
      <button type="button" onClick={() => void toggle()}>
        {enabled ? "Disable" : "Enable"}
      </button>
      <button type="button" onClick={onEdit}>
        Change
      </button>
      <button type="button" class="danger" onClick={() => setRemoving(true)}>
        Remove
      </button>
      {isRemoving && <RemoveDialog name={name} onClose={() => setRemoving(false)} />}
    </div>
  );
}
