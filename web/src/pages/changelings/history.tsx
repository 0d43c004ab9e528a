// How a changeling's runs went, and which starts of it did not come about.

import { getUnlessKnown } from "../../api";
import { isRunChange, type ServiceEvent } from "../../events";
import { WhenLoaded } from "../../loaded";
import { Ago, Badge } from "../../parts";
import { useResource } from "../../resource";
import { href } from "../../router";
import { visible } from "../../text";
import { RunRow } from "../run/runs";
import { happenings, type Skip } from "./happenings";

const historyLength = 10;

function SkipRow({ skip }: { skip: Skip }) {
  return (
    <li>
      <span class="row-main">
        <span>{visible(skip.reason)}</span>
        <small>
          {visible(skip.trigger)}
          {skip.scheduled_for !== null && (
            <>
              {" "}
              · its time was <Ago time={skip.scheduled_for} />
            </>
          )}
        </small>
      </span>
      <span class="row-side">
        <Badge tone="warn">skipped</Badge>
        <small>
          <Ago time={skip.time} />
        </small>
      </span>
    </li>
  );
}

/// What is new of one changeling, without what an agent at work uses.
function concerns(name: string) {
  return (event: ServiceEvent) => event.changeling === name && (isRunChange(event) || event.event === "trigger:skipped");
}

export function History({ name }: { name: string }) {
  const runs = useResource(
    (known) => getUnlessKnown("/runs", { query: { changeling: name, limit: historyLength } }, known),
    concerns(name),
    [name],
  );
  const skips = useResource(
    (known) => getUnlessKnown("/changelings/{changeling}/skips", { path: { changeling: name }, query: { limit: historyLength } }, known),
    (event) => event.changeling === name && event.event === "trigger:skipped",
    [name],
  );
  return (
    <section>
      <h2>History</h2>
      <WhenLoaded from={runs}>
        {(found) => {
          const isAll = found.total <= historyLength;
          const rows = happenings(found.runs, skips.state.value.value?.skips ?? [], isAll, historyLength);
          return (
            <>
              {rows.length === 0 && <p class="empty">It never ran here.</p>}
              {rows.length > 0 && (
                <ul class="rows" aria-label="History">
                  {rows.map((row) => (row.kind === "run" ? <RunRow key={row.run.id} run={row.run} /> : <SkipRow key={row.skip.seq} skip={row.skip} />))}
                </ul>
              )}
              {!isAll && <a href={href("runs", "", { changeling: name })}>All {found.total} runs</a>}
            </>
          );
        }}
      </WhenLoaded>
    </section>
  );
}
