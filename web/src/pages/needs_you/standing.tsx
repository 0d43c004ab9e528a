// What runs, who works, how the queue stands, and the machine.

import { useEffect } from "preact/hooks";
import { getUnlessKnown, type Run, type Status } from "../../api";
import { now } from "../../clock";
import { Properties } from "../../parts";
import { useResource } from "../../resource";
import { href } from "../../router";
import { bytes, plural, relative, visible } from "../../text";

function RunningRun({ run }: { run: Run }) {
  const doing = run.activity ?? run.step ?? "";
  return (
    <li>
      <a href={href("run", run.id)}>{visible(run.changeling ?? run.task ?? run.id)}</a>
      <small>
        {doing !== "" && `${visible(doing)} · `}
        {visible(run.agent)} · since {relative(run.started_at, now.value)} · {visible(run.host)}
        {run.presumed_dead && " · not heard of any more"}
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

function Worker({ session }: { session: Status["sessions"][number] }) {
  return (
    <li>
      <span>
        {visible(session.worker)} <small>{visible(session.status)}</small>
      </span>
      <small>
        {session.role === "" ? "any role" : `role ${visible(session.role)}`} · from {visible(session.source)}
        {session.task !== "" && ` · ${visible(session.task_title)}`}
      </small>
    </li>
  );
}

function Workers({ sessions }: { sessions: Status["sessions"] }) {
  return (
    <section aria-labelledby="workers">
      <h2 id="workers">Workers</h2>
      {sessions.length === 0 ? (
        <p class="empty">No worker is running on this machine.</p>
      ) : (
        <ul class="rows">
          {sessions.map((session) => (
            <Worker key={session.id} session={session} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Queue({ queue }: { queue: Status["queue"] }) {
  const filled = Object.entries(queue).filter(([, count]) => count > 0);
  const words = filled.map(([status, count]) => `${count} ${status.replace("_", " ")}`).join(", ");
  return (
    <section aria-labelledby="queue">
      <h2 id="queue">Queue</h2>
      <p>
        {words === "" ? "No tasks." : words} <a href={href("board")}>To the board</a>
      </p>
    </section>
  );
}

const lookAgainMilliseconds = 30_000;

/// Nothing tells of it: it is looked at now and then.
function useMachine() {
  const machine = useResource((known) => getUnlessKnown("/machine", {}, known), () => false);
  useEffect(() => {
    const timer = setInterval(machine.reload, lookAgainMilliseconds);
    return () => clearInterval(timer);
  }, [machine]);
  return machine.state.value.value;
}

function Load() {
  const machine = useMachine();
  if (machine === null) return null;
  const { disk, load, processors, versions } = machine;
  return (
    <Properties
      of={[
        ["Host", visible(machine.host)],
        ["Load", load.length === 0 ? null : `${load.map((one) => one.toFixed(1)).join(", ")} on ${plural(processors, "processor")}`],
        ["Disk of the work trees", `${bytes(disk.free_bytes)} free of ${bytes(disk.size_bytes)}`],
        ["Versions", visible(Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", "))],
      ]}
    />
  );
}

function Machine({ status }: { status: Status }) {
  const { worktrees, last_tick: tick, damaged } = status;
  return (
    <section aria-labelledby="machine">
      <h2 id="machine">This machine</h2>
      <Load />
      <p>
        {plural(worktrees.count, "work tree")} with {bytes(worktrees.bytes)}; schedules were looked at{" "}
        {tick === null ? "never" : relative(tick, now.value)}.
      </p>
      {damaged.map(({ path, reason }) => (
        <p key={path} class="why">
          {visible(path)} cannot be read: {visible(reason)}
        </p>
      ))}
    </section>
  );
}

export function Standing({ status }: { status: Status }) {
  return (
    <>
      <Running runs={status.running} />
      <Workers sessions={status.sessions} />
      <Queue queue={status.queue} />
      <Machine status={status} />
    </>
  );
}
