// The form of a webhook: who sends and what a delivery starts decide which fields there are.

import { useState } from "preact/hooks";
import { getUnlessKnown, type Schemas } from "../../api";
import type { Values } from "../../form_values";
import { RecordForm } from "../../record_form";
import { useResource } from "../../resource";
import { visible } from "../../text";
import { fieldsFor, makesItsSecret, nameField, type Source, sources, type Target } from "./sources";

type Webhook = Schemas["Webhook"];

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  choices: readonly T[];
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, choices, onChange }: ChoiceProps<T>) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {visible(choice)}
          </option>
        ))}
      </select>
    </label>
  );
}

/// What is of the other target is taken away.
export function targetOf(target: Target, changeling: string): Values {
  if (target === "task") return { changeling: null };
  return { changeling, task: null, description: null, role: null, status: null };
}

interface WebhookFormProps {
  /// Null for a new one.
  webhook: Webhook | null;
  /// What it is kept as while it is left; of one that is changed for this version of it.
  draft: string;
  /// `secret` is what was typed; empty where it is to be made or to stay.
  onSave: (fields: Values, source: Source, secret: string) => Promise<unknown>;
  onCancel: () => void;
}

export function WebhookForm({ webhook, draft, onSave, onCancel }: WebhookFormProps) {
  const changelings = useResource((known) => getUnlessKnown("/changelings", {}, known), () => false);
  const names = (changelings.state.value.value?.changelings ?? []).map(({ name }) => name);
  const [source, setSource] = useState<Source>((webhook?.source as Source | undefined) ?? "github");
  const [target, setTarget] = useState<Target>(webhook !== null && webhook.changeling !== null ? "changeling" : "task");
  const [chosen, setChosen] = useState(webhook?.changeling ?? "");
  const [secret, setSecret] = useState("");
  const changeling = chosen === "" ? (names[0] ?? "") : chosen;
  const own = makesItsSecret(source);
  const fields = fieldsFor(source, target);
  const title = webhook === null ? "New webhook" : visible(webhook.name);
  return (
    <>
      <div class="conditions">
        <Choice label="Who sends" value={source} choices={sources} onChange={setSource} />
        <Choice label="A delivery" value={target} choices={["task", "changeling"]} onChange={setTarget} />
        {target === "changeling" && (
          <Choice label="Starts" value={changeling} choices={names} onChange={setChosen} />
        )}
        {webhook === null && (
          <label>
            {own ? `Secret, as ${source} shows it` : "Secret; empty for a new one"}
            <input value={secret} autocomplete="off" onInput={(event) => setSecret(event.currentTarget.value)} />
          </label>
        )}
      </div>
      <RecordForm
        groups={[{ title, fields: webhook === null ? [nameField, ...fields] : fields }]}
        values={(webhook ?? {}) as Values}
        draft={draft}
        onSave={async (changes) => {
          if (webhook === null && own && secret.trim() === "") throw new Error(`${source} shows the secret; type it above`);
          await onSave({ ...changes, ...targetOf(target, changeling) }, source, secret.trim());
        }}
        onCancel={onCancel}
      />
    </>
  );
}
