// One webhook: what it wants, its secrets, a delivery that is tried, and the deliveries that came.

import { useState } from "preact/hooks";
import { getTagged, getUnlessKnown, patch, type Schemas, type Tagged } from "../../api";
import type { Values } from "../../form_values";
import { WhenLoaded } from "../../loaded";
import { attempt, tellDone } from "../../notices";
import { Properties } from "../../parts";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { visible } from "../../text";
import { Deliveries } from "./deliveries";
import { type Issued, IssuedPanel } from "./issued";
import { RemoveDialog } from "./remove_dialog";
import { addressOf, type Source } from "./sources";
import { Rotation } from "./rotation";
import { Trial } from "./trial";
import { Badges, type Details, purpose } from "./standing";
import { WebhookForm } from "./webhook_form";

function pairs(of: { [name: string]: string }): string {
  return Object.entries(of).map(([name, value]) => `${name} = ${value}`).join(", ");
}

function Facts({ webhook }: { webhook: Details }) {
  return (
    <Properties
      of={[
        ["Source", visible(webhook.source)],
        ["A delivery", visible(purpose(webhook))],
        ["Text of the task", webhook.description === null ? null : visible(webhook.description)],
        ["Role", webhook.role === null ? null : visible(webhook.role)],
        ["The task begins as", webhook.status === null ? null : visible(webhook.status)],
        ["Events", webhook.events.length === 0 ? "all" : visible(webhook.events.join(", "))],
        ["Only when", visible(pairs(webhook.conditions))],
        ["Names", visible(pairs(webhook.mapping))],
        ["Who may besides", visible(webhook.actors.join(", "))],
        ["Address", webhook.poll ? "none: the forge is asked" : <code>{addressOf(webhook.name, location.href)}</code>],
      ]}
    />
  );
}

interface EditProps {
  webhook: Tagged<Details>;
  onDone: () => void;
}

function Edit({ webhook, onDone }: EditProps) {
  const { name } = webhook.value;
  async function save(fields: Values, source: Source): Promise<void> {
    const body = { ...fields, source } as Schemas["WebhookEdit"];
    await patch("/webhooks/{webhook}", { path: { webhook: name }, body, ifMatch: webhook.tag });
    tellDone(`${visible(name)} is saved. What has changed counts once it is trusted.`);
    onDone();
  }
  return <WebhookForm webhook={webhook.value} draft={`webhook ${name} ${webhook.tag}`} onSave={save} onCancel={onDone} />;
}

interface ActionsProps {
  webhook: Details;
  onEdit: () => void;
  onTry: () => void;
  onChanged: () => void;
  onIssued: (issued: Issued) => void;
}

function Actions({ webhook, onEdit, onTry, onChanged, onIssued }: ActionsProps) {
  const [isRemoving, setRemoving] = useState(false);
  const { name, enabled } = webhook;
  async function toggle(): Promise<void> {
    const done = `${visible(name)} is switched ${enabled ? "off" : "on"}.`;
    await attempt(() => patch("/webhooks/{webhook}", { path: { webhook: name }, body: { enabled: !enabled } }), done);
    onChanged();
  }
  return (
    <div class="toolbar">
      <button type="button" onClick={onTry}>
        Try a delivery
      </button>
      <button type="button" onClick={onEdit}>
        Change
      </button>
      <button type="button" onClick={() => void toggle()}>
        {enabled ? "Switch off" : "Switch on"}
      </button>
      {!webhook.poll && <Rotation webhook={webhook} onChanged={onChanged} onIssued={onIssued} />}
      <button type="button" class="danger" onClick={() => setRemoving(true)}>
        Remove
      </button>
      {isRemoving && <RemoveDialog name={name} onClose={() => setRemoving(false)} />}
    </div>
  );
}

export function Webhook({ name }: { name: string }) {
  const [editing, setEditing] = useState<Tagged<Details> | null>(null);
  const [isTrying, setTrying] = useState(false);
  const [issued, setIssued] = useState<Issued | null>(null);
  const path = { webhook: name };
  const webhook = useResource((known) => getUnlessKnown("/webhooks/{webhook}", { path }, known), () => false);
  const edit = () => attempt(async () => setEditing(await getTagged("/webhooks/{webhook}", { path })));
  function done(): void {
    setEditing(null);
    webhook.reload();
  }
  return (
    <>
      <p>
        <a href={href("webhooks")}>All webhooks</a>
      </p>
      <WhenLoaded from={webhook}>
        {(value) => (
          <>
            <h2>
              {visible(value.name)} <Badges webhook={value} />
            </h2>
            {mayWrite.value && (
              <Actions
                webhook={value}
                onEdit={() => void edit()}
                onTry={() => setTrying(!isTrying)}
                onChanged={webhook.reload}
                onIssued={setIssued}
              />
            )}
            {issued !== null && <IssuedPanel issued={issued} onClose={() => setIssued(null)} />}
            {editing !== null ? <Edit webhook={editing} onDone={done} /> : <Facts webhook={value} />}
            {isTrying && <Trial name={name} events={value.events} />}
            <Deliveries webhook={name} />
          </>
        )}
      </WhenLoaded>
    </>
  );
}
