// A review that is being written: its comments are gathered here until all are sent as one.

import { signal } from "@preact/signals";
import { post, type Schemas } from "../../api";
import { draftOf, dropDraft, keepDraft } from "../../drafts";
import type { Place } from "./places";

export type Verdict = Schemas["Review"]["verdict"];

export interface DraftComment extends Place {
  text: string;
  /// The commit that was shown when it was written.
  head: string;
}

export interface DraftReview {
  verdict: Verdict;
  text: string;
  comments: readonly DraftComment[];
}

export const nothing: DraftReview = { verdict: "comment", text: "", comments: [] };

function isComment(value: unknown): value is DraftComment {
  const comment = value as Partial<DraftComment> | null;
  return typeof comment?.file === "string" && typeof comment.text === "string" && typeof comment.head === "string" &&
    (comment.line === null || typeof comment.line === "number") && (comment.side === "new" || comment.side === "old");
}

export function commentsIn(text: string | undefined): DraftComment[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter(isComment) : [];
  } catch {
    return [];
  }
}

export function isEmpty(review: DraftReview): boolean {
  return review.text.trim() === "" && review.comments.length === 0;
}

/// What is sent: one review, but for comments that were written on an earlier commit, which are sent before as one on that.
export function reviewsIn(draft: DraftReview, head: string): Schemas["NewReview"][] {
  const byHead = new Map<string, DraftComment[]>();
  for (const comment of draft.comments) byHead.set(comment.head, [...(byHead.get(comment.head) ?? []), comment]);
  const onHead = byHead.get(head) ?? [];
  byHead.delete(head);
  const reviewOf = (commit: string, comments: readonly DraftComment[], verdict: Verdict, text: string) => ({
    verdict,
    text,
    head: commit,
    comments: comments.map(({ file, line, side, text: said }) => ({ file, side, text: said, ...(line !== null && { line }) })),
  });
  const earlier = [...byHead].map(([commit, comments]) => reviewOf(commit, comments, "comment", ""));
  const newest = reviewOf(head, onHead, draft.verdict, draft.text.trim());
  if (onHead.length > 0 || newest.text !== "" || earlier.length === 0) return [...earlier, newest];
  return earlier.map((review, index) => (index === earlier.length - 1 ? { ...review, verdict: draft.verdict } : review));
}

/// The review of one request, kept in the browser's tab.
export function makeDraft(number: number) {
  const form = `review ${number}`;
  const kept = draftOf(form);
  const state = signal<DraftReview>({
    verdict: kept["verdict"] === "changes-requested" ? "changes-requested" : "comment",
    text: kept["text"] ?? "",
    comments: commentsIn(kept["comments"]),
  });
  function change(part: Partial<DraftReview>): void {
    state.value = { ...state.value, ...part };
    const { verdict, text, comments } = state.value;
    keepDraft(form, isEmpty(state.value) ? {} : { verdict, text, comments: JSON.stringify(comments) });
  }
  return {
    state,
    change,
    add: (comment: DraftComment) => change({ comments: [...state.value.comments, comment] }),
    remove: (comment: DraftComment) => change({ comments: state.value.comments.filter((one) => one !== comment) }),
    async send(head: string): Promise<void> {
      for (const body of reviewsIn(state.value, head)) {
        await post("/pull-requests/{number}/reviews", { path: { number }, body });
        change({ comments: state.value.comments.filter((comment) => comment.head !== body.head) });
      }
      state.value = nothing;
      dropDraft(form);
    },
  };
}

export type Draft = ReturnType<typeof makeDraft>;
