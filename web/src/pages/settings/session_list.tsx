// Who is logged in. A link for a viewer is shown once, works once, and only for two minutes.

import { useState } from "preact/hooks";
import { getUnlessKnown, post, remove, type Schemas } from "../../api";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { Ago } from "../../parts";
import { useResource } from "../../resource";
import { mayWrite, ownSession } from "../../session";
import { duration, visible } from "../../text";
import { costIn, linkTo, type SessionCost } from "./sessions";

type Session = Schemas["Session"];

interface SessionRowProps {
  session: Session;
  costs: readonly SessionCost[];
  onEnd: () => void;
}

function SessionRow({ session, costs, onEnd }: SessionRowProps) {
  const cost = costIn(costs, session.id);
  const isOwn = session.id === ownSession.value?.session;
  return (
    <li>
      <span class="row-main">
        <strong>
          {visible(session.role)}
          {isOwn && ", this one"}
        </strong>
        <small>
          {session.id} · since <Ago time={session.created_at} /> · seen <Ago time={session.seen_at} />
          {cost !== "" && ` · has cost here: ${cost}`}
        </small>
      </span>
      <button type="button" class="danger" onClick={onEnd}>
        End
      </button>
    </li>
  );
}

function Link({ invitation }: { invitation: Schemas["Invitation"] }) {
  const link = linkTo(invitation, location.origin, location.pathname);
  return (
    <label>
      Link for somebody who may look and not write; it works once, within {duration(invitation.valid_seconds * 1000)}
      <input class="login-link" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
    </label>
  );
}

/// Only the owner sees sessions.
export function SessionList() {
  return mayWrite.value ? <Sessions /> : null;
}

function Sessions() {
  const [invitation, setInvitation] = useState<Schemas["Invitation"] | null>(null);
  const sessions = useResource((known) => getUnlessKnown("/sessions", {}, known), () => false);
  const costs = useResource(
    (known) => getUnlessKnown("/session-costs", {}, known),
    (event) => event.event === "run:finished" || event.event === "chat:message",
  );
  const known = costs.state.value.value?.sessions ?? [];
  const ofScripts = costIn(known, "token");
  const invite = () => attempt(async () => setInvitation(await post("/sessions", { body: { role: "viewer" } })));
  async function end(id: string): Promise<void> {
    await attempt(() => remove("/sessions/{session}", { path: { session: id } }), "The session is over.");
    sessions.reload();
  }
  return (
    <section>
      <h2>Sessions</h2>
      <WhenLoaded from={sessions}>
        {(found) => (
          <>
            <ul class="rows">
              {found.sessions.map((session) => (
                <SessionRow key={session.id} session={session} costs={known} onEnd={() => void end(session.id)} />
              ))}
            </ul>
            {ofScripts !== "" && <p>Scripts with the service's token have cost here: {ofScripts}.</p>}
            <div class="more">
              <button type="button" onClick={() => void invite()}>
                Link for a viewer
              </button>
            </div>
            {invitation !== null && <Link invitation={invitation} />}
          </>
        )}
      </WhenLoaded>
    </section>
  );
}
