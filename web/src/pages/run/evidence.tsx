// What a run proves of itself: the checks, the walls that stood, tools that were refused, what it moved.

import type { Run } from "../../api";
import { Badge } from "../../parts";
import { duration, visible, visibleLines } from "../../text";

interface Check {
  command: string;
  exit_code: number;
  duration_ms: number;
  passed: boolean;
  output: string;
}

function CheckRow({ check }: { check: Check }) {
  return (
    <details class="tool-call" open={!check.passed}>
      <summary>
        <Badge tone={check.passed ? "good" : "bad"}>{check.passed ? "passed" : `exit ${check.exit_code}`}</Badge>{" "}
        <code>{visible(check.command)}</code> <small>{duration(check.duration_ms)}</small>
      </summary>
      <pre tabIndex={0}>{visibleLines(check.output) || "It printed nothing."}</pre>
    </details>
  );
}

function walls(run: Run): string[] {
  if (run.walls === null) return [];
  const { sandbox, network, refused } = run.walls as { sandbox?: string; network?: string; refused?: string[] };
  return [
    `Sandbox: ${sandbox ?? "unknown"}`,
    ...(network ? [`Network: ${network}`] : []),
    ...(refused ?? []).map((place) => `Refused by the walls: ${place}`),
  ];
}

function moved(run: Run): string[] {
  return run.moved_refs.map((one) => {
    const { ref, put_back } = one as { ref?: string; put_back?: boolean };
    return `The agent moved ${ref ?? "a reference"}${put_back ? "; it was put back" : ""}`;
  });
}

export function Evidence({ run }: { run: Run }) {
  const checks = run.verification as unknown as Check[];
  const sentences = [...walls(run), ...run.refused.map((tool) => `Refused tool: ${tool}`), ...moved(run)];
  return (
    <section>
      <h2>Evidence</h2>
      {checks.length === 0 && <p class="empty">No checks ran.</p>}
      {checks.map((check, index) => (
        <CheckRow key={index} check={check} />
      ))}
      {sentences.length > 0 && (
        <ul>
          {sentences.map((sentence) => (
            <li key={sentence}>{visible(sentence)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
