// A form that is made from a table of fields; what is saved is only what was changed.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { draftOf, dropDraft, keepDraft } from "./drafts";
import { changesIn, type Field, type Texts, textsChanged, textsOf, type Values } from "./form_values";
import { tellProblem } from "./notices";
import { mayWrite } from "./session";
import { visible } from "./text";

const long = new Set(["prompt", "run", "description", "instructions"]);

interface InputProps {
  field: Field;
  text: string;
  onText: (text: string) => void;
}

function Input({ field, text, onText }: InputProps) {
  const change = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement }) =>
    onText(event.currentTarget.value);
  if (field.choices.length > 0) {
    return (
      <select value={text} onChange={change}>
        {field.choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  const isList = field.type === "array" || field.type === "object";
  if (isList || long.has(field.name)) return <textarea rows={isList ? 2 : 3} value={text} onInput={change} />;
  const isNumber = field.type === "integer" || field.type === "number";
  return <input value={text} inputMode={isNumber ? "decimal" : "text"} onInput={change} />;
}

function hint(field: Field): string {
  const form = { array: "one a line", object: "one NAME=VALUE a line" }[field.type as string] ?? "";
  return [field.help, form].filter((words) => words !== "").join("; ");
}

interface FieldRowProps extends InputProps {
  /// Where the value comes from; undefined where that is not told.
  origin: string | undefined;
  note: ComponentChildren;
  /// Whether it shall be again what it is without the record; null where it is that already.
  isReset: boolean | null;
  onReset: (isReset: boolean) => void;
}

function Reset({ isReset, onReset }: Pick<FieldRowProps, "isReset" | "onReset">) {
  if (isReset === null) return null;
  return (
    <label class="tick">
      <input type="checkbox" checked={isReset} onChange={(event) => onReset(event.currentTarget.checked)} />
      <small>back to the default</small>
    </label>
  );
}

function FieldRow({ field, text, onText, origin, note, isReset, onReset }: FieldRowProps) {
  const where = origin === undefined ? "" : ` (from ${visible(origin)})`;
  if (field.type === "boolean") {
    return (
      <label class="tick">
        <input
          type="checkbox"
          checked={text === "true"}
          onChange={(event) => onText(event.currentTarget.checked ? "true" : "")}
        />
        <span>
          {field.name} <small>{hint(field) + where}</small>
        </span>
      </label>
    );
  }
  return (
    <div class="field">
      <label>
        {field.name}
        <Input field={field} text={text} onText={onText} />
        <small>{hint(field) + where}</small>
      </label>
      {note}
      <Reset isReset={isReset} onReset={onReset} />
    </div>
  );
}

export interface FieldGroup {
  title: string;
  fields: readonly Field[];
}

interface RecordFormProps {
  groups: readonly FieldGroup[];
  values: Values;
  origins?: Record<string, string>;
  /// Where values come from that can be taken back to the default.
  ownOrigin?: string;
  /// What is said below a field while its text is this.
  note?: (field: Field, texts: Texts) => ComponentChildren;
  /// What the form is kept as while it is left and come back to; without it what was typed is gone then.
  draft?: string;
  onSave: (changes: Values, reset: string[]) => Promise<unknown>;
  onCancel: () => void;
}

export function RecordForm(props: RecordFormProps) {
  const { groups, values, origins = {}, ownOrigin, note = () => null, draft, onSave, onCancel } = props;
  const fields = groups.flatMap((group) => group.fields);
  const [before] = useState(() => textsOf(fields, values));
  const [texts, setTexts] = useState<Texts>(() => ({ ...before, ...draftOf(draft) }));
  const [reset, setReset] = useState<ReadonlySet<string>>(new Set());
  const [isSaving, setSaving] = useState(false);
  function write(name: string, text: string): void {
    const now = { ...texts, [name]: text };
    setTexts(now);
    keepDraft(draft, textsChanged(before, now));
  }
  function cancel(): void {
    dropDraft(draft);
    onCancel();
  }
  function choose(name: string, isReset: boolean): void {
    setReset((now) => new Set(isReset ? [...now, name] : [...now].filter((one) => one !== name)));
  }
  async function save(): Promise<void> {
    setSaving(true);
    try {
      const kept = fields.filter(({ name }) => !reset.has(name));
      await onSave(changesIn(kept, before, texts), [...reset]);
      dropDraft(draft);
    } catch (problem) {
      tellProblem(problem);
    }
    setSaving(false);
  }
  return (
    <form
      class="record"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {groups.map((group) => (
        <fieldset key={group.title} disabled={!mayWrite.value}>
          <legend>{group.title}</legend>
          {group.fields.map((field) => (
            <FieldRow
              key={field.name}
              field={field}
              text={texts[field.name] ?? ""}
              onText={(text) => write(field.name, text)}
              origin={origins[field.name]}
              note={note(field, texts)}
              isReset={ownOrigin !== undefined && origins[field.name] === ownOrigin ? reset.has(field.name) : null}
              onReset={(isReset) => choose(field.name, isReset)}
            />
          ))}
        </fieldset>
      ))}
      <div class="actions">
        {mayWrite.value && (
          <button type="submit" class="primary" disabled={isSaving}>
            Save
          </button>
        )}
        <button type="button" onClick={cancel}>
          {mayWrite.value ? "Cancel" : "Back"}
        </button>
      </div>
    </form>
  );
}
