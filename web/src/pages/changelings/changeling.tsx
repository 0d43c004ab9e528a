// One changeling: what it is, when it runs, how its runs went, and the form that changes it.

import { useState } from "preact/hooks";
import { getTagged, getUnlessKnown, patch, type Schemas, type Tagged } from "../../api";
import type { Values } from "../../form_values";
import { WhenLoaded } from "../../loaded";
import { attempt, tellDone } from "../../notices";
import { Ago, Badge, Properties } from "../../parts";
import { RecordForm } from "../../record_form";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { dollars, visible, visibleLines } from "../../text";
import { Actions } from "./actions";
import { changelingGroups } from "./groups";
import { History } from "./history";
import { SchedulePreview } from "./schedule_preview";

type Definition = Schemas["Changeling"];
const nextTimes = 3;
/// Of values that the definition itself gives, and can be without.
const stateOrigin = "refs/changelings/state";

function Edit({ definition, onDone }: { definition: Tagged<Definition>; onDone: () => void }) {
  const { name, origins } = definition.value;
  async function save(changes: Values, reset: string[]): Promise<void> {
    const body = reset.length === 0 ? changes : { ...changes, reset };
    await patch("/changelings/{changeling}", { path: { changeling: name }, body, ifMatch: definition.tag });
    tellDone(`${visible(name)} is saved. What has changed runs once it is trusted.`);
    onDone();
  }
  return (
    <RecordForm
      groups={changelingGroups}
      values={definition.value as Values}
      origins={origins}
      ownOrigin={stateOrigin}
      draft={`changeling ${name} ${definition.tag}`}
      note={(field, texts) =>
        field.name === "schedule" && (
          <SchedulePreview changeling={name} schedule={texts.schedule ?? ""} timezone={texts.timezone ?? ""} />
        )
      }
      onSave={save}
      onCancel={onDone}
    />
  );
}

function NextTimes({ name }: { name: string }) {
  const plan = useResource(
    (known) => getUnlessKnown("/plan", { query: { days: 31 } }, known),
    () => false,
  );
  return (
    <WhenLoaded from={plan}>
      {(found) => {
        const times = found.plan
          .filter((entry) => entry.changeling === name)
          .flatMap((entry) => entry.times.map((time) => ({ time, obstacle: entry.obstacle, cost: entry.expected_cost_usd })));
        if (times.length === 0) return <p class="empty">No schedule starts it within 31 days.</p>;
        return (
          <ul class="rows">
            {times.slice(0, nextTimes).map(({ time, obstacle, cost }) => (
              <li key={time}>
                <Ago time={time} />
                <small>
                  {[obstacle === null ? "" : visible(obstacle), cost === null ? "" : `about ${dollars(cost)}`]
                    .filter((word) => word !== "")
                    .join(" · ")}
                </small>
              </li>
            ))}
          </ul>
        );
      }}
    </WhenLoaded>
  );
}

function Deployments({ name }: { name: string }) {
  const status = useResource((known) => getUnlessKnown("/status", {}, known), () => false);
  const here = (status.state.value.value?.deployments ?? []).filter((one) => one.changeling === name);
  if (here.length === 0) return null;
  return (
    <section>
      <h2>Deployed</h2>
      <ul class="rows">
        {here.map((one) => (
          <li key={one.to}>
            <span>{visible(one.to)}</span>
            <small>
              by {visible(one.deployed_by)} <Ago time={one.deployed_at} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ definition }: { definition: Definition }) {
  const words = definition.run || definition.prompt || "";
  return (
    <>
      <Properties
        of={[
          ["Agent", visible(definition.agent)],
          ["Schedule", definition.schedule ? <code>{visible(definition.schedule)}</code> : "none"],
          ["Time zone", definition.schedule ? visible(definition.timezone) : null],
          ["Events", visible(definition.on.join(", "))],
          ["Output", definition.output],
          ["Budget of a run", definition.budget > 0 ? dollars(definition.budget) : "no limit"],
          ["Defined in", definition.source],
          ["Held back", definition.held_back === null ? null : visible(definition.held_back)],
        ]}
      />
      {words !== "" && (
        <pre class="difference words" tabIndex={0}>
          <span>{visibleLines(words)}</span>
        </pre>
      )}
    </>
  );
}

export function Changeling({ name }: { name: string }) {
  const [editing, setEditing] = useState<Tagged<Definition> | null>(null);
  const definition = useResource(
    (known) => getUnlessKnown("/changelings/{changeling}", { path: { changeling: name } }, known),
    (event) => event.changeling === name,
  );
  const edit = () =>
    attempt(async () => setEditing(await getTagged("/changelings/{changeling}", { path: { changeling: name } })));
  function done(): void {
    setEditing(null);
    definition.reload();
  }
  return (
    <>
      <p>
        <a href={href("changelings")}>All changelings</a>
      </p>
      <WhenLoaded from={definition}>
        {(value) => (
          <>
            <h2>
              {visible(value.name)} {!value.enabled && <Badge tone="plain">disabled</Badge>}{" "}
              {!value.trusted && (
                <a href={href("trust", value.name)}>
                  <Badge tone="warn">not trusted</Badge>
                </a>
              )}
            </h2>
            {value.description !== "" && <p>{visible(value.description)}</p>}
            {mayWrite.value && <Actions definition={value} onChanged={definition.reload} onEdit={() => void edit()} />}
            {editing !== null ? <Edit definition={editing} onDone={done} /> : <Facts definition={value} />}
            <section>
              <h2>Next times</h2>
              <NextTimes key={`${value.schedule} ${value.enabled}`} name={name} />
            </section>
            <History name={name} />
            <Deployments name={name} />
          </>
        )}
      </WhenLoaded>
    </>
  );
}
