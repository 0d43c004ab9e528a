// Sub-agents and skills: what there is, and the forms that make and change one.

import { useState } from "preact/hooks";
import { getUnlessKnown, type Schemas } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { href, route } from "../../router";
import { mayWrite } from "../../session";
import { plural, visible } from "../../text";
import { NewAgent, OneAgent } from "./agent";
import { NewSkill, OneSkill } from "./skill";

type Form = "agent" | "skill" | null;

function AgentRow({ agent }: { agent: Schemas["Agent"] }) {
  return (
    <li>
      <span class="row-main">
        <a href={href("agents", `agent/${agent.name}`)}>{visible(agent.name)}</a>
        <span>{visible(agent.description)}</span>
        <small>
          {agent.source}
          {agent.agent !== null && ` · for ${visible(agent.agent)}`}
          {agent.skills.length > 0 && ` · with ${visible(agent.skills.join(", "))}`}
        </small>
      </span>
    </li>
  );
}

function SkillRow({ skill }: { skill: Schemas["SkillHead"] }) {
  return (
    <li>
      <span class="row-main">
        <a href={href("agents", `skill/${skill.name}`)}>{visible(skill.name)}</a>
        <span>{visible(skill.description)}</span>
        <small>
          {skill.source} · {plural(skill.files.length, "file")}
        </small>
      </span>
    </li>
  );
}

function Agents({ version }: { version: number }) {
  const agents = useResource((known) => getUnlessKnown("/agents", {}, known), () => false, [version]);
  return (
    <section aria-labelledby="agents">
      <h2 id="agents">Sub-agents</h2>
      <WhenLoaded from={agents}>
        {(found) => (
          <>
            <p role="status">{plural(found.agents.length, "sub-agent")}</p>
            <ul class="rows">
              {found.agents.map((agent) => (
                <AgentRow key={agent.name} agent={agent} />
              ))}
            </ul>
          </>
        )}
      </WhenLoaded>
    </section>
  );
}

function Skills({ version }: { version: number }) {
  const skills = useResource((known) => getUnlessKnown("/skills", {}, known), () => false, [version]);
  return (
    <section aria-labelledby="skills">
      <h2 id="skills">Skills</h2>
      <WhenLoaded from={skills}>
        {(found) => (
          <>
            <p role="status">{plural(found.skills.length, "skill")}</p>
            <ul class="rows">
              {found.skills.map((skill) => (
                <SkillRow key={skill.name} skill={skill} />
              ))}
            </ul>
          </>
        )}
      </WhenLoaded>
    </section>
  );
}

function List() {
  const [form, setForm] = useState<Form>(null);
  const [version, setVersion] = useState(0);
  function done(): void {
    setForm(null);
    setVersion((before) => before + 1);
  }
  return (
    <>
      {mayWrite.value && form === null && (
        <div class="toolbar">
          <button type="button" class="primary" onClick={() => setForm("agent")}>
            New sub-agent
          </button>
          <button type="button" onClick={() => setForm("skill")}>
            New skill
          </button>
        </div>
      )}
      {form === "agent" && <NewAgent onDone={done} />}
      {form === "skill" && <NewSkill onDone={done} />}
      <Agents version={version} />
      <Skills version={version} />
    </>
  );
}

export function AgentsAndSkills() {
  const [kind, name = ""] = route.value.rest.split("/");
  if (kind === "agent") return <OneAgent key={name} name={name} />;
  if (kind === "skill") return <OneSkill key={name} name={name} />;
  return <List />;
}
