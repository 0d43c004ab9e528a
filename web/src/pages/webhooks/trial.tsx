// What a delivery would do: from a file, or what was pasted. Nobody is asked and nothing starts.

import { useState } from "preact/hooks";
import { post, type Schemas } from "../../api";
import { attempt } from "../../notices";
import { Properties, Text } from "../../parts";
import { visible } from "../../text";

type Told = Schemas["Trial"];

function verdict(told: Told): string {
  if (told.ignored !== null) return `It would be ignored: ${told.ignored}`;
  if (told.refused !== null) return `It would be refused: ${told.refused}`;
  if (told.changeling !== null) return `It would start ${told.changeling}`;
  return `It would add the task: ${told.title ?? ""}`;
}

function Outcome({ told }: { told: Told }) {
  const words = told.occasion ?? told.description ?? "";
  return (
    <div aria-label="What would come of it" role="region">
      <p role="status">
        <strong>{visible(verdict(told))}</strong>
      </p>
      <Properties
        of={[
          ["Event", told.event === null ? "none" : visible(told.event)],
          ["Signature", told.signature],
          ...Object.entries(told.values).map(([name, value]) => [visible(name), visible(value)] as const),
        ]}
      />
      {words !== "" && <Text of={words} />}
    </div>
  );
}

export function Trial({ name, events }: { name: string; events: readonly string[] }) {
  const [text, setText] = useState("");
  const [event, setEvent] = useState(events[0] ?? "");
  const [told, setTold] = useState<Told | null>(null);
  const take = (file: File | undefined) =>
    file === undefined ? undefined : attempt(async () => setText(await file.text()));
  async function tryIt(): Promise<void> {
    setTold(null);
    const body = event.trim() === "" ? { text } : { text, event: event.trim() };
    await attempt(async () => setTold(await post("/webhooks/{webhook}/test", { path: { webhook: name }, body })));
  }
  return (
    <section aria-label="Try a delivery">
      <h3>Try a delivery</h3>
      <form
        onSubmit={(submitted) => {
          submitted.preventDefault();
          void tryIt();
        }}
      >
        <label>
          File
          <input type="file" onChange={(chosen) => void take(chosen.currentTarget.files?.[0])} />
        </label>
        <label>
          The body; or headers, an empty line and the body
          <textarea rows={6} required value={text} onInput={(typed) => setText(typed.currentTarget.value)} />
        </label>
        <label>
          Event, where the text does not say it
          <input value={event} onInput={(typed) => setEvent(typed.currentTarget.value)} />
        </label>
        <div class="actions">
          <button type="submit" class="primary">
            What would come of it?
          </button>
        </div>
      </form>
      {told !== null && <Outcome told={told} />}
    </section>
  );
}
