// What may run on the service's machine. Approving sends the digest of exactly the text that is shown.

import { getUnlessKnown, post, remove, type Schemas } from "../../api";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { Ago, Badge, UnifiedDifference } from "../../parts";
import { useResource } from "../../resource";
import { route } from "../../router";
import { mayWrite } from "../../session";
import { plural, visible, visibleLines } from "../../text";
import { waiting } from "../../waiting";

type Standing = Schemas["Standing"];
const mostOpen = 5;

interface SubjectProps {
  standing: Standing;
  isOpen: boolean;
  onDone: () => void;
}

function Approve({ standing, onDone }: { standing: Standing; onDone: () => void }) {
  const { label, digest } = standing;
  async function approve(): Promise<void> {
    await attempt(() => post("/trust", { body: { name: label, digest } }), `${visible(label)} is approved.`);
    onDone();
  }
  return (
    <div class="toolbar">
      <button type="button" class="primary" onClick={() => void approve()}>
        Approve what is shown
      </button>
      <small>
        digest <code>{digest.slice(0, 16)}</code>
      </small>
    </div>
  );
}

function Withdraw({ standing, onDone }: { standing: Standing; onDone: () => void }) {
  const { label } = standing;
  async function withdraw(): Promise<void> {
    await attempt(
      () => remove("/trust/{subject}", { path: { subject: label } }),
      `${visible(label)} is not trusted any more.`,
    );
    onDone();
  }
  return (
    <div class="toolbar">
      <button type="button" class="danger" onClick={() => void withdraw()}>
        Withdraw the approval
      </button>
      <small>
        approved <Ago time={standing.approved_at} />
      </small>
    </div>
  );
}

function Words({ standing }: { standing: Standing }) {
  const name = visible(standing.name);
  const whole = (
    <pre class="difference" tabIndex={0} role="region" aria-label={`The text of ${name}`}>
      <span>{visibleLines(standing.text)}</span>
    </pre>
  );
  if (standing.difference === null) return whole;
  return (
    <>
      <UnifiedDifference text={standing.difference} label={`What has changed of ${name}`} />
      <details class="whole">
        <summary>All of it, as it would run</summary>
        {whole}
      </details>
    </>
  );
}

function Subject({ standing, isOpen, onDone }: SubjectProps) {
  return (
    <li>
      <details class="subject" open={isOpen}>
        <summary>
          <strong>{visible(standing.name)}</strong> <small>{standing.kind}</small>{" "}
          <Badge tone={standing.trusted ? "good" : "warn"}>{standing.state}</Badge>
        </summary>
        <Words standing={standing} />
        {mayWrite.value && standing.trusted && <Withdraw standing={standing} onDone={onDone} />}
        {mayWrite.value && !standing.trusted && <Approve standing={standing} onDone={onDone} />}
      </details>
    </li>
  );
}

interface SubjectsProps {
  title: string;
  standings: readonly Standing[];
  areOpen: boolean;
  onDone: () => void;
}

function Subjects({ title, standings, areOpen, onDone }: SubjectsProps) {
  if (standings.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="rows">
        {standings.map((standing) => (
          <Subject
            key={`${standing.label} ${standing.state}`}
            standing={standing}
            isOpen={areOpen || standing.label === route.value.rest}
            onDone={onDone}
          />
        ))}
      </ul>
    </section>
  );
}

export function Trust() {
  const standings = useResource((known) => getUnlessKnown("/trust", {}, known), () => false);
  function reload(): void {
    standings.reload();
    waiting.reload();
  }
  return (
    <WhenLoaded from={standings}>
      {({ approvals }) => {
        const untrusted = approvals.filter((one) => !one.trusted);
        const trusted = approvals.filter((one) => one.trusted);
        return (
          <>
            <p role="status">
              {untrusted.length === 0 ? "Nothing waits for approval." : `${plural(untrusted.length, "thing")} to approve.`} What is
              approved may run on this machine, as it is shown and not otherwise.
            </p>
            <Subjects title="Waits" standings={untrusted} areOpen={untrusted.length <= mostOpen} onDone={reload} />
            <Subjects title="Trusted here" standings={trusted} areOpen={false} onDone={reload} />
          </>
        );
      }}
    </WhenLoaded>
  );
}
