// A new secret beside the one so far, until the source sends with the new one.

import { useState } from "preact/hooks";
import { patch, post, type Schemas } from "../../api";
import { AskReason } from "../../ask_reason";
import { attempt } from "../../notices";
import { visible } from "../../text";
import type { Issued } from "./issued";
import { makesItsSecret, newSecret, type Source } from "./sources";

interface RotationProps {
  webhook: Schemas["Webhook"];
  onChanged: () => void;
  onIssued: (issued: Issued) => void;
}

export function Rotation({ webhook, onChanged, onIssued }: RotationProps) {
  const [isAsking, setAsking] = useState(false);
  const { name, secrets } = webhook;
  const source = webhook.source as Source;
  const path = { webhook: name };
  async function take(secret: string, isMade: boolean): Promise<void> {
    const done = secrets === 0 ? "There is a secret now." : "The new secret counts, and the one before as well.";
    if (!(await attempt(() => patch("/webhooks/{webhook}", { path, body: { secret } }), done))) return;
    onIssued({ name, secret: isMade ? secret : "" });
    onChanged();
  }
  async function finish(): Promise<void> {
    await attempt(() => post("/webhooks/{webhook}/finish-rotation", { path }), "Only the newest secret counts now.");
    onChanged();
  }
  return (
    <>
      <button type="button" onClick={() => (makesItsSecret(source) ? setAsking(true) : void take(newSecret(source), true))}>
        New secret
      </button>
      {secrets > 1 && (
        <button type="button" onClick={() => void finish()}>
          Drop the older secret
        </button>
      )}
      {isAsking && (
        <AskReason
          title={`New secret of ${visible(name)}`}
          label={`Secret, as ${visible(source)} shows it`}
          confirm="Take it"
          isRequired
          onConfirm={(secret) => void take(secret, false)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
