// What a webhook is for, and what keeps it from working.

import type { Schemas } from "../../api";
import { Badge } from "../../parts";
import { href } from "../../router";

export type Details = Schemas["Webhook"];

export function Badges({ webhook }: { webhook: Details }) {
  return (
    <>
      {!webhook.enabled && <Badge tone="plain">switched off</Badge>}
      {!webhook.trusted && (
        <a href={href("trust", `webhook:${webhook.name}`)}>
          <Badge tone="warn">not trusted</Badge>
        </a>
      )}
      {webhook.secrets === 0 && !webhook.poll && <Badge tone="bad">no secret here</Badge>}
    </>
  );
}

export function purpose(webhook: Details): string {
  return webhook.changeling === null ? `adds the task: ${webhook.task ?? ""}` : `starts ${webhook.changeling}`;
}
