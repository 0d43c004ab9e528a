// What waits for a person, by what it is, each with what settles it.

import { useState } from "preact/hooks";
import { now } from "../../clock";
import type { Resource } from "../../resource";
import { mayWrite } from "../../session";
import { relative, visible } from "../../text";
import type { Schemas } from "../../api";
import { AllowTools } from "./allow_tools";
import { ApprovalDetails } from "./approval";
import { groups, type Group, linkOf, type Need, totalOf } from "./kinds";
import { QuestionAnswer } from "./question";
import { RequestDetails } from "./request";
import { Steps } from "./steps";

/// What is looked at before it is decided, in its place.
function Details({ need, onSettled }: { need: Need; onSettled: () => void }) {
  if (need.kind === "approval") return <ApprovalDetails subject={need.subject} onSettled={onSettled} />;
  if (need.kind === "review") return <RequestDetails number={Number(need.subject)} onSettled={onSettled} />;
  return <AllowTools run={need.subject} changeling={need.changeling ?? ""} onSettled={onSettled} />;
}

/// The words on the button that shows it; empty where there is nothing to look at.
function invitation(need: Need): string {
  if (need.kind === "tool-refused") return mayWrite.value ? "Allow …" : "";
  if (need.kind !== "approval" && need.kind !== "review") return "";
  return mayWrite.value ? "Look and decide" : "Look";
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
            <a href={link}>look</a>
            {mayWrite.value && " · "}
          </>
        )}
        {mayWrite.value && <code>{visible(need.settle)}</code>}
      </small>
      {need.question !== null ? (
        mayWrite.value && <QuestionAnswer run={need.subject} question={need.question} onSettled={onSettled} />
      ) : invitation(need) !== "" ? (
        <div class="actions">
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide" : invitation(need)}
          </button>
        </div>
      ) : (
        <Steps need={need} onSettled={onSettled} />
      )}
      {isOpen && <Details need={need} onSettled={onSettled} />}
    </li>
  );
}

interface NeedGroupProps {
  group: Group;
  needs: readonly Need[];
  /// How many there are, also of those that are not named.
  total: number;
  onSettled: () => void;
}

function NeedGroup({ group, needs, total, onSettled }: NeedGroupProps) {
  if (needs.length === 0) return null;
  const heading = `needs-${group.kinds[0]}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>
        {group.title} <span class="count">{total}</span>
      </h2>
      <ul class="rows">
        {needs.map((need) => (
          <NeedRow key={`${need.kind} ${need.subject} ${need.question?.number ?? ""}`} need={need} onSettled={onSettled} />
        ))}
      </ul>
      {total > needs.length && <p class="empty">and {total - needs.length} more, which come when these are settled</p>}
    </section>
  );
}

export function Needs({ of, from }: { of: Schemas["Needs"]; from: Resource<Schemas["Needs"]> }) {
  const { needs, totals } = of;
  if (needs.length === 0) return <p class="all-well">Nothing needs you.</p>;
  return (
    <>
      {groups.map((group) => (
        <NeedGroup
          key={group.title}
          group={group}
          needs={needs.filter((need) => group.kinds.includes(need.kind))}
          total={totalOf(totals, group.kinds)}
          onSettled={from.reload}
        />
      ))}
    </>
  );
}
