// The form for a new task.

import { useEffect, useRef, useState } from "preact/hooks";
import { newKey, post, type Schemas } from "../../api";
import { Dialog } from "../../dialog";
import { dropDraft, followDraft } from "../../drafts";
import { attempt } from "../../notices";
import { columns } from "./columns";
import { priorities } from "./filters";

const draft = "new task";
const startingColumns = columns.filter(({ status }) => ["inbox", "planning", "ready"].includes(status));

function words(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export function taskIn(form: FormData): Schemas["NewTask"] {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  return {
    title: text("title"),
    description: text("description"),
    acceptance: lines(text("acceptance")),
    status: text("status"),
    priority: text("priority"),
    role: text("role"),
    labels: words(text("labels")),
  };
}

function Fields({ roles }: { roles: readonly string[] }) {
  return (
    <>
      <label>
        Title
        <input name="title" required maxLength={500} />
      </label>
      <label>
        What is to be done, and why
        <textarea name="description" rows={4} />
      </label>
      <label>
        <span>
          When it is done, one a line: <code>file:PATH</code>, <code>run:COMMAND</code>, or words for a reviewer
        </span>
        <textarea name="acceptance" rows={2} />
      </label>
      <div class="fields">
        <label>
          Column
          <select name="status">
            {startingColumns.map(({ status, title }) => (
              <option key={status} value={status}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          Priority
          <select name="priority">
            {priorities.map((priority) => (
              <option key={priority} value={priority} selected={priority === "medium"}>
                {priority}
              </option>
            ))}
          </select>
        </label>
        <label>
          Role
          <input name="role" list="roles" />
          <datalist id="roles">
            {roles.map((role) => (
              <option key={role} value={role} />
            ))}
          </datalist>
        </label>
        <label>
          Labels, with commas
          <input name="labels" />
        </label>
      </div>
    </>
  );
}

interface AddTaskProps {
  roles: readonly string[];
  onAdded: (task: string) => void;
  onClose: () => void;
}

export function AddTask({ roles, onAdded, onClose }: AddTaskProps) {
  const [isSending, setSending] = useState(false);
  // A second click, or sending again after a lost answer, makes no second task.
  const key = useRef(newKey());
  const sent = useRef("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => followDraft(draft, form.current!), []);
  const giveUp = () => {
    dropDraft(draft);
    onClose();
  };
  async function add(form: HTMLFormElement): Promise<void> {
    const body = taskIn(new FormData(form));
    if (sent.current !== JSON.stringify(body)) key.current = newKey();
    sent.current = JSON.stringify(body);
    setSending(true);
    const isDone = await attempt(async () => onAdded((await post("/tasks", { body, key: key.current })).id));
    setSending(false);
    if (isDone) giveUp();
  }
  return (
    <Dialog title="Add a task" onClose={onClose}>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void add(event.currentTarget);
        }}
      >
        <Fields roles={roles} />
        <div class="actions">
          <button type="submit" class="primary" disabled={isSending}>
            Add
          </button>
          <button type="button" onClick={giveUp}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
