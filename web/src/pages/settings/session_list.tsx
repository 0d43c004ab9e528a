// Who is logged in. A link for a viewer is shown once, works once, and only for two minutes.

import { useState } from "preact/hooks";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { Ago } from "../../parts";
import { useResource } from "../../resource";
import { mayWrite, ownSession } from "../../session";
import { duration, visible } from "../../text";
import { endSession, inviteViewer, type Invitation, listSessions, type Session } from "./sessions";

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
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
        </small>
      </span>
      <button type="button" class="danger" onClick={onEnd}>
        End
      </button>
    </li>
  );
}

function Link({ invitation }: { invitation: Invitation }) {
  return (
    <label>
      Link for somebody who may look and not write; it works once, within {duration(invitation.valid_seconds * 1000)}
      <input class="login-link" readOnly value={invitation.login_url} onFocus={(event) => event.currentTarget.select()} />
    </label>
  );
}

/// Only the owner sees sessions.
export function SessionList() {
  return mayWrite.value ? <Sessions /> : null;
}

function Sessions() {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const sessions = useResource(async () => ({ value: await listSessions(), tag: "" }), () => false);
  const invite = () => attempt(async () => setInvitation(await inviteViewer()));
  async function end(id: string): Promise<void> {
    await attempt(() => endSession(id), "The session is over.");
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
                <SessionRow key={session.id} session={session} onEnd={() => void end(session.id)} />
              ))}
            </ul>
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
