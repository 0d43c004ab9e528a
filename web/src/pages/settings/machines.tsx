// The machines that work for this repository, as far as runs and leases name them.

import { getUnlessKnown, type Schemas } from "../../api";
import { isRunChange } from "../../events";
import { WhenLoaded } from "../../loaded";
import { Ago, Badge } from "../../parts";
import { useResource } from "../../resource";
import { href } from "../../router";
import { visible } from "../../text";

type Machine = Schemas["Machines"]["machines"][number];

function Doing({ machine }: { machine: Machine }) {
  if (machine.runs.length === 0 && machine.tasks.length === 0) return <small>does nothing</small>;
  return (
    <>
      {machine.runs.map((run) => (
        <small key={run.id}>
          runs <a href={href("run", run.id)}>{visible(run.changeling || run.task || run.id)}</a>
        </small>
      ))}
      {machine.tasks.map((task) => (
        <small key={task.id}>
          {visible(task.owner)} works on <a href={href("board", "", { task: task.id })}>{visible(task.title)}</a>
        </small>
      ))}
    </>
  );
}

export function Machines() {
  const machines = useResource(
    (known) => getUnlessKnown("/machines", {}, known),
    (event) => isRunChange(event) || event.event === "work:assigned" || event.event === "work:status_changed",
  );
  return (
    <section>
      <h2>Machines</h2>
      <WhenLoaded from={machines}>
        {(found) => (
          <ul class="rows" aria-label="Machines">
            {found.machines.map((machine) => (
              <li key={machine.host}>
                <span class="row-main">
                  <strong>{visible(machine.host)}</strong>
                  <Doing machine={machine} />
                </span>
                <span class="row-side">
                  {machine.here && <Badge tone="plain">this one</Badge>}
                  <small>
                    <Ago time={machine.last_seen} />
                  </small>
                </span>
              </li>
            ))}
          </ul>
        )}
      </WhenLoaded>
    </section>
  );
}
