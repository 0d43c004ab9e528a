// What people have said of a request besides the lines that are shown, and the review that is being written.

import { useState } from "preact/hooks";
import type { Schemas } from "../../api";
import { attempt } from "../../notices";
import { Ago, Badge } from "../../parts";
import { plural, visible, visibleLines } from "../../text";
import { ResolvedBox, ThreadBox } from "./comment_boxes";
import { type Draft, isEmpty, type Verdict } from "./draft_review";
import { nameOf, type Thread } from "./places";

type Review = Schemas["Review"];

function ReviewText({ review }: { review: Review }) {
  return (
    <li class="said">
      <p class="said-by">
        <strong>{visible(review.author.replace(/ <[^<>]*>$/, ""))}</strong>{" "}
        {review.verdict === "changes-requested" && <Badge tone="bad">asks for changes</Badge>}{" "}
        <Ago time={review.written_at} />
      </p>
      {review.text !== "" && <p class="text">{visibleLines(review.text)}</p>}
    </li>
  );
}

interface ElsewhereProps {
  request: number;
  thread: Thread;
  onChange: () => void;
}

function Elsewhere({ request, thread, onChange }: ElsewhereProps) {
  const place = { ...(thread.now ?? thread), side: thread.side };
  return (
    <li class="said">
      <p>
        {visible(nameOf({ file: place.file, line: place.line, side: place.side }))}
        {thread.now === null && " of an earlier version"}
      </p>
      {thread.resolved_at !== null ? (
        <ResolvedBox thread={thread} />
      ) : (
        <ThreadBox request={request} thread={thread} onChange={onChange} />
      )}
    </li>
  );
}

interface SaidProps {
  request: number;
  reviews: readonly Review[];
  /// Those that are shown at no line.
  elsewhere: readonly Thread[];
  onChange: () => void;
}

export function Said({ request, reviews, elsewhere, onChange }: SaidProps) {
  const telling = reviews.filter((review) => review.text !== "" || review.verdict === "changes-requested");
  if (telling.length === 0 && elsewhere.length === 0) return null;
  return (
    <section>
      <h2>Reviews</h2>
      <ul class="plain-list">
        {telling.map((review) => (
          <ReviewText key={review.id} review={review} />
        ))}
        {elsewhere.map((thread) => (
          <Elsewhere key={thread.id} request={request} thread={thread} onChange={onChange} />
        ))}
      </ul>
    </section>
  );
}

interface SendReviewProps {
  draft: Draft;
  head: string;
  onSent: () => void;
}

export function SendReview({ draft, head, onSent }: SendReviewProps) {
  const [isSending, setSending] = useState(false);
  const review = draft.state.value;
  async function send(): Promise<void> {
    setSending(true);
    const isSent = await attempt(() => draft.send(head), "The review is sent.");
    setSending(false);
    if (isSent) onSent();
  }
  return (
    <form
      class="send-review"
      aria-label="Your review"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        About the whole request
        <textarea rows={3} value={review.text} onInput={(event) => draft.change({ text: event.currentTarget.value })} />
      </label>
      <div class="toolbar">
        <label class="inline">
          Verdict
          <select
            value={review.verdict}
            onChange={(event) => draft.change({ verdict: event.currentTarget.value as Verdict })}
          >
            <option value="comment">comment</option>
            <option value="changes-requested">ask for changes</option>
          </select>
        </label>
        <button type="submit" disabled={isSending || isEmpty(review)}>
          Send review
        </button>
        <span role="status">{review.comments.length > 0 && `with ${plural(review.comments.length, "comment")}`}</span>
      </div>
    </form>
  );
}
