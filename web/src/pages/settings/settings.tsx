// How the service is set up: repositories, who is logged in, what works here, and the table of settings.

import { getUnlessKnown } from "../../api";
import { Properties, Ago } from "../../parts";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { bytes, dollars, plural, visible } from "../../text";
import { Credentials } from "./credentials";
import { Machines } from "./machines";
import { Repositories } from "./repositories";
import { SessionList } from "./session_list";
import { SettingsTable } from "./table";
import { Variables } from "./variables";
import "./settings.css";

function Machine() {
  const status = useResource((known) => getUnlessKnown("/status", {}, known), (event) => event.event.startsWith("agent:"));
  return (
    <section>
      <h2>This machine</h2>
      <WhenLoaded from={status}>
        {(now) => (
          <>
            <Properties
              of={[
                ["Schedules were last looked at", <Ago time={now.last_tick} />],
                ["Work trees", `${now.worktrees.count}, ${bytes(now.worktrees.bytes)}`],
                ["Spent today", dollars(now.spent_usd.today)],
                ["Spent this month", dollars(now.spent_usd.month)],
              ]}
            />
            {now.sessions.length === 0 && <p class="empty">No worker works here.</p>}
            {now.sessions.length > 0 && (
              <ul class="rows">
                {now.sessions.map((one) => (
                  <li key={one.id}>
                    <span class="row-main">
                      <strong>{visible(one.worker)}</strong>
                      <small>
                        {visible(one.role || "any role")} · {visible(one.status)}
                        {one.task_title !== "" && ` · ${visible(one.task_title)}`}
                      </small>
                    </span>
                    <small>
                      <Ago time={one.last_activity_at} />
                    </small>
                  </li>
                ))}
              </ul>
            )}
            {now.damaged.length > 0 && <p class="notice problem">{plural(now.damaged.length, "record")} cannot be read.</p>}
          </>
        )}
      </WhenLoaded>
    </section>
  );
}

export function Settings() {
  return (
    <>
      <Repositories />
      <SessionList />
      <Machine />
      <Machines />
      <Variables />
      <Credentials />
      <SettingsTable />
    </>
  );
}
