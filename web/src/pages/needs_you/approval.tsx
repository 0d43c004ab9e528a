// What would be trusted, exactly as it is, and its approval with the digest that was shown.

import { getUnlessKnown, post, type Schemas } from "../../api";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { useResource } from "../../resource";
import { mayWrite } from "../../session";
import { visible, visibleLines } from "../../text";

interface ApprovalProps {
  subject: string;
  onSettled: () => void;
}

function lineClass(line: string): string | undefined {
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "deleted" : undefined;
}

function Difference({ text, isDifference }: { text: string; isDifference: boolean }) {
  return (
    <pre class="difference" tabIndex={0} aria-label="What would be trusted">
      {visibleLines(text)
        .split("\n")
        .map((line, index) => (
          <span key={index} class={isDifference ? lineClass(line) : undefined}>
            {line}
            {"\n"}
          </span>
        ))}
    </pre>
  );
}

interface DecisionProps {
  standing: Schemas["Standing"];
  onSettled: () => void;
  onRefused: () => void;
}

function Decision({ standing, onSettled, onRefused }: DecisionProps) {
  async function approve(): Promise<void> {
    const body = { name: standing.label, digest: standing.digest };
    const isDone = await attempt(() => post("/trust", { body }), `${visible(standing.label)} is trusted on this machine.`);
    if (isDone) onSettled();
    else onRefused();
  }
  return (
    <>
      <p>
        {standing.state === "changed" ? "What has changed since it was approved:" : "This would be trusted:"}
      </p>
      <Difference text={standing.difference ?? standing.text} isDifference={standing.difference !== null} />
      <p>
        Trusting lets it run on the service's machine. <small>Digest {visible(standing.digest)}</small>
      </p>
      {mayWrite.value && (
        <div class="actions">
          <button type="button" class="primary" onClick={() => void approve()}>
            Trust this
          </button>
        </div>
      )}
    </>
  );
}

export function ApprovalDetails({ subject, onSettled }: ApprovalProps) {
  const trust = useResource<Schemas["Standings"]>(
    (known) => getUnlessKnown("/trust", {}, known),
    () => false,
  );
  return (
    <div class="details">
      <WhenLoaded from={trust}>
        {({ approvals }) => {
          const standing = approvals.find((one) => one.label === subject);
          if (standing === undefined) return <p class="empty">It is not there any more.</p>;
          return <Decision standing={standing} onSettled={onSettled} onRefused={trust.reload} />;
        }}
      </WhenLoaded>
    </div>
  );
}
