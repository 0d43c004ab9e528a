// One message of a chat, and what came of it.

import { post, type Schemas } from "../../api";
import { attempt, tellDone } from "../../notices";
import { Ago, Badge, Text, UnifiedDifference } from "../../parts";
import { href } from "../../router";
import { capitalised, dollars, plural, visible, visibleLines } from "../../text";
import { fieldText } from "./field_text";

type Message = Schemas["ChatMessage"];
type Proposal = Schemas["ChatProposal"];
type Kind = Proposal["kind"];

/// Where what was made is shown.
const places: Partial<Record<Kind, string>> = { changeling: "changelings", role: "roles", task: "board" };

function subjectOf({ kind, name }: Proposal): string {
  return name === null ? `a ${kind}` : `the ${kind} ${visible(name)}`;
}

function Fields({ proposal }: { proposal: Proposal }) {
  return (
    <div class="proposed-fields">
      {Object.entries(proposal.fields).map(([name, value]) => {
        const text = visibleLines(fieldText(value));
        return (
          <label key={name}>
            {visible(name)}
            {text.includes("\n") || text.length > 60 ? (
              <textarea readOnly rows={Math.min(8, text.split("\n").length + 1)} value={text} />
            ) : (
              <input readOnly value={text} />
            )}
          </label>
        );
      })}
    </div>
  );
}

interface DecisionProps {
  chat: string;
  digest: string;
  onDecided: () => void;
}

function Decision({ chat, digest, onDecided }: DecisionProps) {
  const order = { path: { chat }, body: { digest } };
  async function confirm(): Promise<void> {
    await attempt(async () => {
      const made = await post("/chat/{chat}/confirm", order);
      const rest = made.trusted ? "" : " It runs once it is trusted.";
      tellDone(`${capitalised(made.kind)} ${visible(made.name)} is ${made.is_new ? "there" : "changed"}.${rest}`);
    });
    onDecided();
  }
  async function decline(): Promise<void> {
    await attempt(() => post("/chat/{chat}/decline", order), "The proposal is declined.");
    onDecided();
  }
  return (
    <div class="toolbar">
      <button type="button" class="primary" onClick={() => void confirm()}>
        Confirm what is shown
      </button>
      <button type="button" onClick={() => void decline()}>
        Decline
      </button>
      <small>
        nothing of it exists yet · digest <code>{digest.slice(0, 12)}</code>
      </small>
    </div>
  );
}

function Decided({ proposal }: { proposal: Proposal }) {
  const page = places[proposal.kind];
  const confirmed = proposal.decision === "confirmed";
  return (
    <p>
      <Badge tone={confirmed ? "good" : "plain"}>{proposal.decision}</Badge> <Ago time={proposal.decided_at} />
      {confirmed && proposal.result !== null && (
        <>
          {": "}
          {page === undefined ? (
            visible(proposal.result)
          ) : (
            <a href={href(page, page === "board" ? "" : proposal.result)}>{visible(proposal.result)}</a>
          )}
        </>
      )}
    </p>
  );
}

function Proposed({ chat, proposal, onDecided }: { chat: string; proposal: Proposal; onDecided: () => void }) {
  const subject = subjectOf(proposal);
  return (
    <section class="proposal" aria-label={`Proposed: ${subject}`}>
      <h2>
        Proposed: {subject} {proposal.is_new !== null && <Badge tone="plain">{proposal.is_new ? "new" : "change"}</Badge>}
      </h2>
      <Fields proposal={proposal} />
      {proposal.difference !== null && proposal.difference !== "" && (
        <UnifiedDifference text={proposal.difference} label={`What would be different of ${subject}`} />
      )}
      {proposal.problem !== null && <p class="wrong">It cannot be done any more: {visible(proposal.problem)}</p>}
      {proposal.decision !== "open" && <Decided proposal={proposal} />}
      {proposal.digest !== null && (
        <Decision chat={chat} digest={proposal.digest} onDecided={onDecided} />
      )}
    </section>
  );
}

const unanswered: Partial<Record<Message["state"], string>> = {
  answering: "The agent is at work …",
  "cut-off": "The answer was cut off: whoever waited for it is gone.",
};

function costOf({ cost_usd, turns }: Message): string {
  const parts = [cost_usd !== null && dollars(cost_usd), turns !== null && plural(turns, "turn")];
  return parts.filter((part) => part !== false).join(" · ");
}

interface MessageProps {
  chat: string;
  message: Message;
  onDecided: () => void;
}

export function ChatMessage({ chat, message, onDecided }: MessageProps) {
  const waits = unanswered[message.state];
  return (
    <li>
      <div class="asked">
        <Text of={visibleLines(message.text)} />
        <small>
          {message.sender === null ? "at the command line" : visible(message.sender)} · <Ago time={message.sent_at} />
        </small>
      </div>
      <div class="answered">
        {message.answer !== null && <Text of={visibleLines(message.answer)} />}
        {waits !== undefined && <p class="empty">{waits}</p>}
        {message.problem !== null && <p class="wrong">No answer: {visible(message.problem)}</p>}
        {message.proposal !== null && <Proposed chat={chat} proposal={message.proposal} onDecided={onDecided} />}
        {costOf(message) !== "" && <small>{costOf(message)}</small>}
      </div>
    </li>
  );
}
