// A sub-agent: the form that makes one, and the one that changes it.

import { agentFields } from "../../../generated/fields";
import { getTagged, patch, post, remove, type Schemas, type Tagged } from "../../api";
import type { Values } from "../../form_values";
import { WhenLoaded } from "../../loaded";
import { attempt, tellDone } from "../../notices";
import { RecordForm } from "../../record_form";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { visible } from "../../text";

type Agent = Schemas["Agent"];
const nameField = { name: "name", type: "string", help: "Small letters, digits and hyphens", choices: [] } as const;

export function back(): void {
  location.hash = href("agents");
}

export function NewAgent({ onDone }: { onDone: () => void }) {
  async function save(changes: Values): Promise<void> {
    const body = changes as Schemas["NewAgent"];
    await post("/agents", { body });
    tellDone(`${visible(body.name)} is there.`);
    onDone();
  }
  const groups = [{ title: "New sub-agent", fields: [nameField, ...agentFields] }];
  return <RecordForm groups={groups} values={{}} draft="agent" onSave={save} onCancel={onDone} />;
}

function Edit({ agent }: { agent: Tagged<Agent> }) {
  const { name, source } = agent.value;
  const path = { subagent: name };
  async function save(changes: Values): Promise<void> {
    await patch("/agents/{subagent}", { path, body: changes, ifMatch: agent.tag });
    tellDone(`${visible(name)} is saved.`);
    back();
  }
  async function takeAway(): Promise<void> {
    if (await attempt(() => remove("/agents/{subagent}", { path, ifMatch: agent.tag }), `${visible(name)} is removed.`)) back();
  }
  return (
    <>
      <RecordForm groups={[{ title: visible(name), fields: agentFields }]} values={agent.value as Values} draft={`agent ${name}`}
        onSave={save} onCancel={back} />
      {mayWrite.value && source === "state" && (
        <button type="button" class="danger" onClick={() => void takeAway()}>
          Remove this sub-agent
        </button>
      )}
    </>
  );
}

export function OneAgent({ name }: { name: string }) {
  const agent = useResource(async () => {
    const answer = await getTagged("/agents/{subagent}", { path: { subagent: name } });
    return { value: answer, tag: answer.tag };
  }, () => false);
  return <WhenLoaded from={agent}>{(found) => <Edit key={found.tag} agent={found} />}</WhenLoaded>;
}
