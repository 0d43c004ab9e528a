// What waits for a person, by what it is, each with what settles it.

import { useState } from "preact/hooks";
import { now } from "../../clock";
import type { Resource } from "../../resource";
import { relative, visible } from "../../text";
import type { Schemas } from "../../api";
import { ApprovalDetails } from "./approval";
import { groups, type Group, linkOf, type Need } from "./kinds";
import { QuestionAnswer } from "./question";
import { RequestDetails } from "./request";
import { Steps } from "./steps";

/// What is looked at before it is decided, in its place.
function Details({ need, onSettled }: { need: Need; onSettled: () => void }) {
  if (need.kind === "approval") return <ApprovalDetails subject={need.subject} onSettled={onSettled} />;
  return <RequestDetails number={Number(need.subject)} onSettled={onSettled} />;
}

function hasDetails(need: Need): boolean {
  return need.kind === "approval" || need.kind === "review";
}

function NeedRow({ need, onSettled }: { need: Need; onSettled: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const link = linkOf(need);
  return (
    <li class="need">
      <span class="need-text">{visible(need.text)}</span>
      <small>
        {need.since !== null && <>{relative(need.since, now.value)} · </>}
        {link !== "" && (
          <>
            <a href={link}>look</a> ·{" "}
          </>
        )}
        <code>{visible(need.settle)}</code>
      </small>
      {need.question !== null ? (
        <QuestionAnswer run={need.subject} question={need.question} onSettled={onSettled} />
      ) : hasDetails(need) ? (
        <div class="actions">
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide" : "Look and decide"}
          </button>
        </div>
      ) : (
        <Steps need={need} onSettled={onSettled} />
      )}
      {isOpen && <Details need={need} onSettled={onSettled} />}
    </li>
  );
}

function NeedGroup({ group, needs, onSettled }: { group: Group; needs: readonly Need[]; onSettled: () => void }) {
  if (needs.length === 0) return null;
  const heading = `needs-${group.kinds[0]}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>
        {group.title} <span class="count">{needs.length}</span>
      </h2>
      <ul class="rows">
        {needs.map((need) => (
          <NeedRow key={`${need.kind} ${need.subject} ${need.question?.number ?? ""}`} need={need} onSettled={onSettled} />
        ))}
      </ul>
    </section>
  );
}

export function Needs({ needs, from }: { needs: readonly Need[]; from: Resource<Schemas["Needs"]> }) {
  if (needs.length === 0) return <p class="all-well">Nothing needs you.</p>;
  return (
    <>
      {groups.map((group) => (
        <NeedGroup
          key={group.title}
          group={group}
          needs={needs.filter((need) => group.kinds.includes(need.kind))}
          onSettled={from.reload}
        />
      ))}
    </>
  );
}
