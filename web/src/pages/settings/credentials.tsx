// What logs agents in on the service's machine. A value goes in and never comes back.

import { useState } from "preact/hooks";
import { getUnlessKnown, post, put, remove, type Schemas } from "../../api";
import { Dialog } from "../../dialog";
import { WhenLoaded } from "../../loaded";
import { attempt, tellDone, tellProblem } from "../../notices";
import { Ago, Badge, type Tone } from "../../parts";
import { useResource } from "../../resource";
import { mayWrite } from "../../session";
import { visible } from "../../text";
import { waiting } from "../../waiting";

type AgentLogin = Schemas["AgentLogin"];
function standingOf(login: AgentLogin): [Tone, string] {
  if (!login.trusted) return ["warn", "not trusted here"];
  if (login.missing !== null) return ["bad", "was not let in"];
  if (login.logged_in === null) return ["plain", login.credentials.length > 0 ? "has a credential" : "nothing known"];
  return login.logged_in ? ["good", "logged in"] : ["bad", "not logged in"];
}

function Found({ login }: { login: AgentLogin }) {
  return (
    <small>
      {login.logged_in === true && login.how !== null && <>{visible(login.how)} · </>}
      {login.until !== null && (
        <>
          until <Ago time={login.until} />
          {login.renews_itself && ", then renewed by itself"} ·{" "}
        </>
      )}
      {login.credentials.length === 0 && `takes ${login.takes.map(visible).join(" or ")}`}
      {login.credentials.map((one, index) => (
        <span key={one.variable}>
          {index > 0 && ", "}
          {visible(one.variable)} {one.where === "kept" ? <>kept <Ago time={one.since} /></> : "from the environment"}
        </span>
      ))}
      {login.missing !== null && (
        <>
          {" "}
          · refused <Ago time={login.missing.since} />, tried again <Ago time={login.missing.tried_again_at} />
        </>
      )}
    </small>
  );
}

function GiveDialog({ login, onKept, onClose }: { login: AgentLogin; onKept: () => void; onClose: () => void }) {
  const [variable, setVariable] = useState(login.takes[0] ?? "");
  const [value, setValue] = useState("");
  async function keep(): Promise<void> {
    const body = { variable, value };
    const isKept = await attempt(
      () => put("/credentials/{agent}", { path: { agent: login.agent }, body }),
      `${variable} is kept for ${visible(login.agent)}.`,
    );
    if (isKept) onKept();
  }
  return (
    <Dialog title={`A login for ${visible(login.agent)}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <label>
          Variable
          <select value={variable} onChange={(event) => setVariable(event.currentTarget.value)}>
            {login.takes.map((name) => (
              <option key={name} value={name}>
                {visible(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Value
          <input
            type="password"
            autocomplete="off"
            required
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <p>
          <small>It is kept on the service's machine, handed to this agent in its runs, and never shown again.</small>
        </p>
        <div class="actions">
          <button type="submit" class="primary">
            Keep
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

async function validate(agent: string): Promise<void> {
  try {
    const found = await post("/credentials/{agent}/validate", { path: { agent } });
    const sentence = `${visible(agent)}: ${visible(found.detail)}`;
    if (found.works) tellDone(sentence);
    else tellProblem(new Error(sentence));
  } catch (problem) {
    tellProblem(problem);
  }
}

function LoginRow({ login, onChange }: { login: AgentLogin; onChange: () => void }) {
  const [isGiving, setGiving] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const path = { agent: login.agent };
  async function during(work: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    await work();
    setBusy(false);
    onChange();
  }
  const [tone, words] = standingOf(login);
  const name = visible(login.agent);
  return (
    <li>
      <span class="row-main">
        <strong>{name}</strong> <Badge tone={tone}>{words}</Badge>
        <Found login={login} />
      </span>
      <span class="actions">
        <button type="button" aria-label={`Give a login to ${name}`} onClick={() => setGiving(true)}>
          Give a login
        </button>
        {login.trusted && (
          <button
            type="button"
            aria-label={`Validate the login of ${name}`}
            disabled={isBusy}
            onClick={() => void during(() => validate(login.agent))}
          >
            {isBusy ? "Asking …" : "Validate"}
          </button>
        )}
        {login.credentials.some(({ where }) => where === "kept") && (
          <button
            type="button"
            class="danger"
            aria-label={`Remove what is kept for ${name}`}
            disabled={isBusy}
            onClick={() => void during(() => attempt(() => remove("/credentials/{agent}", { path }), "It is forgotten."))}
          >
            Remove
          </button>
        )}
      </span>
      {isGiving && (
        <GiveDialog
          login={login}
          onClose={() => setGiving(false)}
          onKept={() => {
            setGiving(false);
            onChange();
          }}
        />
      )}
    </li>
  );
}

function Logins() {
  const logins = useResource((known) => getUnlessKnown("/credentials", {}, known), () => false);
  function reload(): void {
    logins.reload();
    waiting.reload();
  }
  return (
    <WhenLoaded from={logins}>
      {({ agents }) => (
        <ul class="rows">
          {agents.map((login) => (
            <LoginRow key={login.agent} login={login} onChange={reload} />
          ))}
        </ul>
      )}
    </WhenLoaded>
  );
}

export function Credentials() {
  return (
    <section aria-labelledby="logins">
      <h2 id="logins">Logins of agents</h2>
      {mayWrite.value ? <Logins /> : <p class="empty">Only the owner of the service sees them.</p>}
    </section>
  );
}
