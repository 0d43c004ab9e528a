// Roles of workers, and the form that changes one.

import { useState } from "preact/hooks";
import { roleFields } from "../../../generated/fields";
import { getTagged, getUnlessKnown, patch, post, type Schemas, type Tagged } from "../../api";
import type { Values } from "../../form_values";
import { WhenLoaded } from "../../loaded";
import { tellDone } from "../../notices";
import { RecordForm } from "../../record_form";
import { useResource } from "../../resource";
import { href, route } from "../../router";
import { mayWrite } from "../../session";
import { plural, visible } from "../../text";

type Role = Schemas["Role"];
const nameField = { name: "name", type: "string", help: "What tasks call it", choices: [] } as const;

function RoleRow({ role }: { role: Role }) {
  const words = role.run ?? role.prompt;
  return (
    <li>
      <span class="row-main">
        <a href={href("roles", role.name)}>{visible(role.name)}</a>
        {words !== "" && <span>{visible(words).slice(0, 200)}</span>}
        <small>
          {visible(role.agent)}
          {role.accept.length > 0 && ` · ${visible(role.accept.join(", "))}`} · defined in {role.source}
        </small>
      </span>
    </li>
  );
}

function NewRole({ onDone }: { onDone: () => void }) {
  async function save(changes: Values): Promise<void> {
    const body = changes as Schemas["NewRole"];
    await post("/roles", { body });
    tellDone(`${visible(body.name)} is there. Its workers start once it is trusted.`);
    onDone();
  }
  const groups = [{ title: "New role", fields: [nameField, ...roleFields] }];
  return <RecordForm groups={groups} values={{ agent: "claude" }} draft="role" onSave={save} onCancel={onDone} />;
}

function List() {
  const [isAdding, setAdding] = useState(false);
  const roles = useResource((known) => getUnlessKnown("/roles", {}, known), () => false);
  function done(): void {
    setAdding(false);
    roles.reload();
  }
  return (
    <>
      <div class="toolbar">
        {mayWrite.value && !isAdding && (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            New role
          </button>
        )}
      </div>
      {isAdding && <NewRole onDone={done} />}
      <WhenLoaded from={roles}>
        {(found) => (
          <>
            <p role="status">{plural(found.roles.length, "role")}</p>
            {found.roles.length > 0 && (
              <ul class="rows">
                {found.roles.map((role) => (
                  <RoleRow key={role.name} role={role} />
                ))}
              </ul>
            )}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

function Edit({ role, onDone }: { role: Tagged<Role>; onDone: () => void }) {
  const path = { role: role.value.name };
  async function save(changes: Values): Promise<void> {
    await patch("/roles/{role}", { path, body: changes, ifMatch: role.tag });
    tellDone(`${visible(role.value.name)} is saved.`);
    onDone();
  }
  const groups = [{ title: visible(role.value.name), fields: roleFields }];
  return <RecordForm groups={groups} values={role.value as Values} draft={`role ${role.tag}`} onSave={save} onCancel={onDone} />;
}

function One({ name }: { name: string }) {
  const role = useResource(async () => {
    const answer = await getTagged("/roles/{role}", { path: { role: name } });
    return { value: answer, tag: answer.tag };
  }, () => false);
  const back = () => {
    location.hash = href("roles");
  };
  return <WhenLoaded from={role}>{(found) => <Edit key={found.tag} role={found} onDone={back} />}</WhenLoaded>;
}

export function Roles() {
  const { rest } = route.value;
  return rest === "" ? <List /> : <One key={rest} name={rest} />;
}
