// What stands below a line of a difference: threads, comments that wait to be sent, and the field for a new one.

import { useState } from "preact/hooks";
import { post } from "../../api";
import { attempt } from "../../notices";
import { Ago, Badge } from "../../parts";
import { mayWrite } from "../../session";
import { visible, visibleLines } from "../../text";
import type { DraftComment } from "./draft_review";
import { nameOf, type Place, type Thread } from "./places";

/// "Name <email>" as people say it.
function personIn(author: string): string {
  return visible(author.replace(/ <[^<>]*>$/, ""));
}

interface ThreadBoxProps {
  request: number;
  thread: Thread;
  onChange: () => void;
}

export function ThreadBox({ request, thread, onChange }: ThreadBoxProps) {
  const path = { number: request, thread: thread.id };
  const resolve = async () => {
    await attempt(() => post("/pull-requests/{number}/threads/{thread}/resolve", { path }), "The thread is resolved.");
    onChange();
  };
  return (
    <>
      <p class="said-by">
        <strong>{personIn(thread.author)}</strong> <Ago time={thread.written_at} />{" "}
        {mayWrite.value && (
          <button type="button" onClick={() => void resolve()}>
            Resolve
          </button>
        )}
      </p>
      <p class="text">{visibleLines(thread.text)}</p>
      {thread.replies.map((reply, index) => (
        <div key={index}>
          <p class="said-by">
            <strong>{personIn(reply.author)}</strong> <Ago time={reply.written_at} />
          </p>
          <p class="text">{visibleLines(reply.text)}</p>
        </div>
      ))}
    </>
  );
}

/// A thread that is settled: its beginning in one line.
export function ResolvedBox({ thread }: { thread: Thread }) {
  return (
    <details>
      <summary>
        <Badge tone="good">resolved</Badge> {personIn(thread.author)}: {visible(thread.text).slice(0, 80)}
      </summary>
      <p class="text">{visibleLines(thread.text)}</p>
    </details>
  );
}

export function DraftBox({ comment, onRemove }: { comment: DraftComment; onRemove: () => void }) {
  return (
    <>
      <p class="said-by">
        <Badge tone="warn">not sent</Badge>{" "}
        <button type="button" aria-label={`Remove the comment on ${visible(nameOf(comment))}`} onClick={onRemove}>
          Remove
        </button>
      </p>
      <p class="text">{visibleLines(comment.text)}</p>
    </>
  );
}

interface CommentFieldProps {
  place: Place;
  onAdd: (text: string) => void;
  onClose: () => void;
}

export function CommentField({ place, onAdd, onClose }: CommentFieldProps) {
  const [text, setText] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") onAdd(text.trim());
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <textarea
        rows={4}
        ref={(field) => field?.focus({ preventScroll: true })}
        aria-label={`Comment on ${visible(nameOf(place))}`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="actions">
        <button type="submit" disabled={text.trim() === ""}>
          Add comment
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
