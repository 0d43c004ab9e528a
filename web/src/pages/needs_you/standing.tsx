// What runs, how the queue stands, what it costs.

import type { Run, Status } from "../../api";
import { now } from "../../clock";
import { href } from "../../router";
import { dollars, plural, relative, visible } from "../../text";

function RunningRun({ run }: { run: Run }) {
  return (
    <li>
      <span>{visible(run.changeling ?? run.task ?? run.id)}</span>
      <small>
        {visible(run.agent)} · {relative(run.started_at, now.value)} · {visible(run.host)}
      </small>
    </li>
  );
}

function Running({ runs }: { runs: readonly Run[] }) {
  return (
    <section aria-labelledby="running">
      <h2 id="running">Runs now</h2>
      {runs.length === 0 ? (
        <p class="empty">Nothing runs.</p>
      ) : (
        <ul class="rows">
          {runs.map((run) => (
            <RunningRun key={run.id} run={run} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Queue({ queue }: { queue: Status["queue"] }) {
  const waiting = Object.entries(queue).filter(([, count]) => count > 0);
  return (
    <section aria-labelledby="queue">
      <h2 id="queue">Queue</h2>
      <p>
        {waiting.length === 0
          ? "No tasks."
          : waiting.map(([status, count]) => `${plural(count, "task")} ${status.replace("_", " ")}`).join(", ")}{" "}
        <a href={href("board")}>To the board</a>
      </p>
    </section>
  );
}

export function Standing({ status }: { status: Status }) {
  return (
    <>
      <Running runs={status.running} />
      <Queue queue={status.queue} />
      <section aria-labelledby="cost">
        <h2 id="cost">Cost</h2>
        <p>
          {dollars(status.spent_usd.today)} today, {dollars(status.spent_usd.month)} this month
        </p>
      </section>
    </>
  );
}
