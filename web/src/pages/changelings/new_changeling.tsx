// The form for a new changeling: what it needs to be one. Everything else has defaults and is on its page.

import { useEffect, useRef } from "preact/hooks";
import { type Schemas, post } from "../../api";
import { Dialog } from "../../dialog";
import { dropDraft, followDraft } from "../../drafts";
import { attempt } from "../../notices";
import { href } from "../../router";
import { visible } from "../../text";

const inputs = [
  ["name", "Name, such as fix-typos", true],
  ["description", "What it is for, in one line", false],
  ["template", "Template, or", false],
  ["run", "Command line, or", false],
  ["prompt", "What the agent is told to do", false],
  ["schedule", "When to run, such as 0 3 * * * or @daily; empty for by hand", false],
] as const;

const draft = "new changeling";

/// What was left empty is left to the template and the defaults.
export function changelingIn(form: FormData): Schemas["NewChangeling"] {
  const given = inputs.map(([name]) => [name, String(form.get(name) ?? "").trim()] as const);
  const [name] = given;
  return { name: name![1], ...Object.fromEntries(given.filter(([, text]) => text !== "")) };
}

export function NewChangeling({ onClose }: { onClose: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => followDraft(draft, form.current!), []);
  async function add(form: FormData): Promise<void> {
    const body = changelingIn(form);
    const done = `${visible(body.name)} is there. It runs once it is trusted.`;
    if (!(await attempt(() => post("/changelings", { body }), done))) return;
    dropDraft(draft);
    onClose();
    location.hash = href("changelings", body.name);
  }
  return (
    <Dialog title="New changeling" onClose={onClose}>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void add(new FormData(event.currentTarget));
        }}
      >
        {inputs.map(([name, label, isRequired]) => (
          <label key={name}>
            {label}
            {name === "prompt" ? <textarea name={name} rows={3} /> : <input name={name} required={isRequired} />}
          </label>
        ))}
        <div class="actions">
          <button type="submit" class="primary">
            Add
          </button>
          <button
            type="button"
            onClick={() => {
              dropDraft(draft);
              onClose();
            }}
          >
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
