// A skill: the form that makes one, or takes a folder, and the page that shows its files.

import { useState } from "preact/hooks";
import { skillFields } from "../../../generated/fields";
import { getTagged, patch, post, remove, type Schemas, type Tagged } from "../../api";
import type { Values } from "../../form_values";
import { WhenLoaded } from "../../loaded";
import { attempt, tellDone, tellProblem } from "../../notices";
import { RecordForm } from "../../record_form";
import { useResource } from "../../resource";
import { mayWrite } from "../../session";
import { visible, visibleLines } from "../../text";
import { back } from "./agent";
import { instructionsOf, nameIn, pathInSkill } from "./skill_files";

type Skill = Schemas["Skill"];
const nameField = { name: "name", type: "string", help: "Small letters, digits and hyphens", choices: [] } as const;
const texts = skillFields.filter(({ name }) => name !== "files");

async function skillOf(list: FileList): Promise<Schemas["NewSkill"]> {
  const files: Record<string, string> = {};
  for (const file of list) {
    const path = list.length === 1 ? "SKILL.md" : pathInSkill(file.webkitRelativePath);
    if (path !== null) files[path] = await file.text();
  }
  return { name: nameIn(files["SKILL.md"] ?? ""), files };
}

interface UploadProps {
  label: string;
  isFolder: boolean;
  onDone: () => void;
}

function Upload({ label, isFolder, onDone }: UploadProps) {
  async function send(list: FileList | null): Promise<void> {
    if (list === null || list.length === 0) return;
    try {
      const body = await skillOf(list);
      await post("/skills", { body });
      tellDone(`${visible(body.name)} is there.`);
      onDone();
    } catch (problem) {
      tellProblem(problem);
    }
  }
  const folder = isFolder ? { webkitdirectory: true } : { accept: ".md" };
  return (
    <label>
      {label} <input type="file" {...folder} onChange={(event) => void send(event.currentTarget.files)} />
    </label>
  );
}

export function NewSkill({ onDone }: { onDone: () => void }) {
  async function save(changes: Values): Promise<void> {
    const body = changes as Schemas["NewSkill"];
    await post("/skills", { body });
    tellDone(`${visible(body.name)} is there.`);
    onDone();
  }
  const groups = [{ title: "New skill", fields: [nameField, ...texts] }];
  return (
    <>
      <RecordForm groups={groups} values={{}} draft="skill" onSave={save} onCancel={onDone} />
      <div class="toolbar">
        <Upload label="Or a folder with SKILL.md" isFolder onDone={onDone} />
        <Upload label="Or SKILL.md alone" isFolder={false} onDone={onDone} />
      </div>
    </>
  );
}

function Files({ skill }: { skill: Skill }) {
  return (
    <section aria-labelledby="files">
      <h2 id="files">Files</h2>
      {skill.files.map(({ path, text }) => (
        <details key={path} open={path === "SKILL.md"}>
          <summary>
            <code>{visible(path)}</code>
          </summary>
          <pre class="difference" tabIndex={0} role="region" aria-label={visible(path)}>
            {visibleLines(text)}
          </pre>
        </details>
      ))}
    </section>
  );
}

function Edit({ skill }: { skill: Tagged<Skill> }) {
  const [isChanging, setChanging] = useState(false);
  const { name, source } = skill.value;
  const path = { skill: name };
  async function save(changes: Values): Promise<void> {
    await patch("/skills/{skill}", { path, body: changes, ifMatch: skill.tag });
    tellDone(`${visible(name)} is saved.`);
    back();
  }
  async function takeAway(): Promise<void> {
    if (await attempt(() => remove("/skills/{skill}", { path, ifMatch: skill.tag }), `${visible(name)} is removed.`)) back();
  }
  const main = skill.value.files.find((file) => file.path === "SKILL.md")?.text ?? "";
  const values = { description: skill.value.description, instructions: instructionsOf(main) };
  if (isChanging) {
    return (
      <RecordForm groups={[{ title: visible(name), fields: texts }]} values={values} draft={`skill ${name}`} onSave={save}
        onCancel={() => setChanging(false)} />
    );
  }
  return (
    <>
      <h2>{visible(name)}</h2>
      <p>{visible(skill.value.description)}</p>
      {mayWrite.value && (
        <div class="toolbar">
          <button type="button" class="primary" onClick={() => setChanging(true)}>
            Change
          </button>
          {source === "state" && (
            <button type="button" class="danger" onClick={() => void takeAway()}>
              Remove this skill
            </button>
          )}
        </div>
      )}
      <Files skill={skill.value} />
    </>
  );
}

export function OneSkill({ name }: { name: string }) {
  const skill = useResource(async () => {
    const answer = await getTagged("/skills/{skill}", { path: { skill: name } });
    return { value: answer, tag: answer.tag };
  }, () => false);
  return <WhenLoaded from={skill}>{(found) => <Edit key={found.tag} skill={found} />}</WhenLoaded>;
}
