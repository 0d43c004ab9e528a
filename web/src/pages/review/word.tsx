// The word on a request. Accepting sends the commit that is shown, so nothing else is ever merged.

import { useState } from "preact/hooks";
import { post, type Schemas } from "../../api";
import { AskReason } from "../../ask_reason";
import { attempt } from "../../notices";

interface WordProps {
  request: Schemas["PullRequestDetails"];
  /// The commit that is shown; null while nothing is.
  head: string | null;
  onDone: () => void;
}

export function Word({ request, head, onDone }: WordProps) {
  const [isRejecting, setRejecting] = useState(false);
  const path = { number: request.number };
  async function accept(head: string): Promise<void> {
    await attempt(
      () => post("/pull-requests/{number}/accept", { path, body: { head } }),
      `Request #${request.number} is merged into ${request.base}.`,
    );
    onDone();
  }
  async function reject(reason: string): Promise<void> {
    await attempt(
      () => post("/pull-requests/{number}/reject", { path, body: reason === "" ? {} : { reason } }),
      `Request #${request.number} is rejected.`,
    );
    onDone();
  }
  return (
    <div class="toolbar">
      <button type="button" class="primary" disabled={head === null} onClick={() => head !== null && void accept(head)}>
        Accept
      </button>
      <button type="button" class="danger" onClick={() => setRejecting(true)}>
        Reject
      </button>
      {isRejecting && (
        <AskReason
          title={`Reject request #${request.number}?`}
          label="Why, for the next run of the changeling"
          confirm="Reject it"
          onConfirm={(reason) => void reject(reason)}
          onClose={() => setRejecting(false)}
        />
      )}
    </div>
  );
}
