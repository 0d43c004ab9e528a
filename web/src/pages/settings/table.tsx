// The table of settings with where each value comes from. What names programs, hosts or folders is changed at the
// machine alone; the service says why.

import { useState } from "preact/hooks";
import { getTagged, patch, type Schemas, type Tagged } from "../../api";
import { WhenLoaded } from "../../loaded";
import { attempt, tellDone } from "../../notices";
import { useResource } from "../../resource";
import { route, setParams } from "../../router";
import { mayWrite } from "../../session";
import { visible } from "../../text";

type Setting = Schemas["Setting"];
type Edit = Schemas["SettingsEdit"];

function valueOf(setting: Setting): string {
  const { value, origin } = setting;
  if (value === null) return setting.default === null ? "" : `${setting.default} (default)`;
  const text = Array.isArray(value) ? value.join(", ") : value;
  return origin === null ? `${text} (default)` : text;
}

export function holds(setting: Setting, words: string): boolean {
  const text = `${setting.key} ${valueOf(setting)} ${setting.help}`.toLowerCase();
  return text.includes(words.trim().toLowerCase());
}

interface ChangeProps {
  setting: Setting;
  /// Whether it was done.
  onSend: (edit: Edit) => Promise<boolean>;
  onClose: () => void;
}

function Change({ setting, onSend, onClose }: ChangeProps) {
  const { key, value, origin } = setting;
  const [text, setText] = useState(origin === null ? "" : String(value ?? ""));
  const [isSending, setSending] = useState(false);
  async function send(edit: Edit): Promise<void> {
    setSending(true);
    const isDone = await onSend(edit);
    setSending(false);
    if (isDone) onClose();
  }
  return (
    <form
      class="setting"
      onSubmit={(event) => {
        event.preventDefault();
        void send({ set: { [key]: text.trim() } });
      }}
    >
      <label>
        New value of {visible(key)}
        <input
          value={text}
          required
          placeholder={setting.default ?? ""}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <div class="actions">
        <button type="submit" class="primary" disabled={isSending}>
          Set
        </button>
        {origin !== null && (
          <button type="button" disabled={isSending} onClick={() => void send({ reset: [key] })}>
            Take back
          </button>
        )}
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface RowProps {
  setting: Setting;
  isChanging: boolean;
  onChange: (key: string) => void;
  onSend: (edit: Edit) => Promise<boolean>;
}

function Row({ setting, isChanging, onChange, onSend }: RowProps) {
  const { key, known, only_here: onlyHere } = setting;
  return (
    <tr>
      <th scope="row">
        <code>{visible(key)}</code>
        {!known && <small> is not known</small>}
      </th>
      <td>
        {isChanging ? (
          <Change setting={setting} onSend={onSend} onClose={() => onChange("")} />
        ) : (
          <>
            {visible(valueOf(setting)) || "–"}{" "}
            {known && onlyHere === null && mayWrite.value && (
              <button type="button" aria-label={`Change ${visible(key)}`} onClick={() => onChange(key)}>
                Change
              </button>
            )}
          </>
        )}
      </td>
      <td>{visible(setting.origin ?? "")}</td>
      <td>
        <small>
          {visible(setting.help)}
          {onlyHere !== null && mayWrite.value && ` · only at the machine: ${visible(onlyHere)}`}
        </small>
      </td>
    </tr>
  );
}

/// A value that somebody else has set in another file goes on to count.
export function wordsAfter(edit: Edit, settings: readonly Setting[]): string {
  const [taken] = edit.reset ?? [];
  if (taken === undefined) return "It is set, for this repository on this machine.";
  const left = settings.find(({ key }) => key === taken);
  if (left === undefined || left.origin === null) return `${taken} is no longer set.`;
  return `${taken} is no longer set here; it still comes from ${left.origin}.`;
}

function Table({ found, words, onChanged }: { found: Tagged<Schemas["Settings"]>; words: string; onChanged: () => void }) {
  const [changing, setChanging] = useState("");
  async function send(edit: Edit): Promise<boolean> {
    const isDone = await attempt(async () => {
      const { settings } = await patch("/settings", { body: edit, ifMatch: found.tag });
      tellDone(visible(wordsAfter(edit, settings)));
    });
    onChanged();
    return isDone;
  }
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Table of settings">
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Value</th>
            <th scope="col">From</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {found.value.settings
            .filter((one) => holds(one, words))
            .map((one) => (
              <Row key={one.key} setting={one} isChanging={one.key === changing} onChange={setChanging} onSend={send} />
            ))}
        </tbody>
      </table>
    </div>
  );
}

export function SettingsTable() {
  const words = route.value.params.get("search") ?? "";
  const settings = useResource(async () => {
    const value = await getTagged("/settings", {});
    return { value, tag: value.tag };
  }, () => false);
  return (
    <section>
      <h2>Settings</h2>
      <p>What can be changed here is changed for this repository on the service's machine.</p>
      <div class="conditions">
        <label>
          Find
          <input type="search" value={words} onInput={(event) => setParams({ search: event.currentTarget.value })} />
        </label>
      </div>
      <WhenLoaded from={settings}>
        {(found) => <Table found={found} words={words} onChanged={settings.reload} />}
      </WhenLoaded>
    </section>
  );
}
