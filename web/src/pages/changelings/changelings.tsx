// The changelings of this repository, and one of them.

import { useState } from "preact/hooks";
import { getUnlessKnown, type Schemas } from "../../api";
import { isRunChange } from "../../events";
import { WhenLoaded } from "../../loaded";
import { Ago, Badge } from "../../parts";
import { useResource } from "../../resource";
import { href, route } from "../../router";
import { mayWrite } from "../../session";
import { plural, visible } from "../../text";
import { standingOf } from "../run/outcomes";
import { Changeling } from "./changeling";
import { NewChangeling } from "./new_changeling";

type Overview = Schemas["ChangelingOverview"];

function LastRun({ run }: { run: Overview["last_run"] }) {
  if (run === null) return <small>never ran</small>;
  const status = run.status === "running" ? "running" : "finished";
  const standing = standingOf({ status, outcome: run.outcome, presumed_dead: false });
  return (
    <a href={href("run", run.id)}>
      <Badge tone={standing.tone}>{visible(standing.word)}</Badge>
    </a>
  );
}

function when(changeling: Overview) {
  if (changeling.next_run !== null) {
    return (
      <>
        next <Ago time={changeling.next_run} />
      </>
    );
  }
  const reasons = [changeling.schedule, ...changeling.triggers].filter((word) => word !== null && word !== "");
  return <>{reasons.length === 0 ? "by hand" : visible(reasons.join(", "))}</>;
}

function ChangelingRow({ changeling }: { changeling: Overview }) {
  return (
    <li>
      <span class="row-main">
        <a href={href("changelings", changeling.name)}>{visible(changeling.name)}</a>
        {changeling.description !== "" && <span>{visible(changeling.description)}</span>}
        <small>
          {when(changeling)}
          {changeling.held_back !== null && ` · ${visible(changeling.held_back)}`}
        </small>
      </span>
      <span class="row-side">
        {!changeling.enabled && <Badge tone="plain">disabled</Badge>}
        {!changeling.trusted && (
          <a href={href("trust", changeling.name)}>
            <Badge tone="warn">not trusted</Badge>
          </a>
        )}
        <LastRun run={changeling.last_run} />
      </span>
    </li>
  );
}

function List() {
  const [isAdding, setAdding] = useState(false);
  const changelings = useResource(
    (known) => getUnlessKnown("/changelings", {}, known),
    (event) => isRunChange(event) || event.event === "trigger:skipped",
  );
  return (
    <>
      <div class="toolbar">
        {mayWrite.value && (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            New changeling
          </button>
        )}
        <a href={href("roles")}>Roles</a>
        <a href={href("agents")}>Agents and skills</a>
      </div>
      {isAdding && <NewChangeling onClose={() => setAdding(false)} />}
      <WhenLoaded from={changelings}>
        {(found) => (
          <>
            <p role="status">{plural(found.changelings.length, "changeling")}</p>
            {found.changelings.length > 0 && (
              <ul class="rows">
                {found.changelings.map((one) => (
                  <ChangelingRow key={one.name} changeling={one} />
                ))}
              </ul>
            )}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

export function Changelings() {
  const { rest } = route.value;
  return rest === "" ? <List /> : <Changeling key={rest} name={rest} />;
}
