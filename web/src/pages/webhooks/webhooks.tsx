// What lets somebody outside start a changeling or add a task, and what has come of it.

import { useState } from "preact/hooks";
import { getUnlessKnown, post, type Schemas } from "../../api";
import type { Values } from "../../form_values";
import { WhenLoaded } from "../../loaded";
import { tellDone } from "../../notices";
import { useResource } from "../../resource";
import { href, route } from "../../router";
import { mayWrite } from "../../session";
import { plural, visible } from "../../text";
import { type Issued, IssuedPanel } from "./issued";
import { newSecret, type Source } from "./sources";
import { Badges, type Details, purpose } from "./standing";
import { Webhook } from "./webhook";
import { WebhookForm } from "./webhook_form";
import "./webhooks.css";

function Row({ webhook }: { webhook: Details }) {
  return (
    <li>
      <span class="row-main">
        <a href={href("webhooks", webhook.name)}>{visible(webhook.name)}</a>
        <span>{visible(purpose(webhook))}</span>
        <small>
          {visible(webhook.source)}
          {webhook.events.length > 0 && ` · ${visible(webhook.events.join(", "))}`}
        </small>
      </span>
      <span class="row-side">
        <Badges webhook={webhook} />
      </span>
    </li>
  );
}

interface NewWebhookProps {
  onAdded: (issued: Issued) => void;
  onCancel: () => void;
}

function NewWebhook({ onAdded, onCancel }: NewWebhookProps) {
  async function save(fields: Values, source: Source, given: string): Promise<void> {
    const made = given === "" && fields.poll !== true ? newSecret(source) : "";
    const secret = given + made;
    const body = { ...fields, source, ...(secret !== "" && { secret }) } as Schemas["NewWebhook"];
    const { name } = await post("/webhooks", { body });
    tellDone(`${visible(name)} is there. It starts something once it is trusted.`);
    onAdded({ name, secret: made });
  }
  return <WebhookForm webhook={null} draft="webhook" onSave={save} onCancel={onCancel} />;
}

function List() {
  const [isAdding, setAdding] = useState(false);
  const [issued, setIssued] = useState<Issued | null>(null);
  const webhooks = useResource((known) => getUnlessKnown("/webhooks", {}, known), () => false);
  function added(made: Issued): void {
    setAdding(false);
    setIssued(made);
    webhooks.reload();
  }
  return (
    <>
      {mayWrite.value && !isAdding && (
        <div class="toolbar">
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            New webhook
          </button>
        </div>
      )}
      {isAdding && <NewWebhook onAdded={added} onCancel={() => setAdding(false)} />}
      {issued !== null && <IssuedPanel issued={issued} onClose={() => setIssued(null)} />}
      <WhenLoaded from={webhooks}>
        {(found) => (
          <>
            <p role="status">{plural(found.webhooks.length, "webhook")}</p>
            {found.webhooks.length > 0 && (
              <ul class="rows">
                {found.webhooks.map((webhook) => (
                  <Row key={webhook.name} webhook={webhook} />
                ))}
              </ul>
            )}
            {found.damaged.length > 0 && (
              <p class="notice problem">{plural(found.damaged.length, "record")} cannot be read.</p>
            )}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

export function Webhooks() {
  const { rest } = route.value;
  return rest === "" ? <List /> : <Webhook key={rest} name={rest} />;
}
