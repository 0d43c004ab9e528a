// A request with the files that it changes, accepted at the commit that was shown, or rejected.

import { useState } from "preact/hooks";
import { getUnlessKnown, post, type Schemas } from "../../api";
import { AskReason } from "../../ask_reason";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { plural, visible, visibleLines, withoutMarkers } from "../../text";

type Request = Schemas["PullRequestDetails"];

function Files({ files }: { files: NonNullable<Request["files"]> }) {
  return (
    <ul class="files">
      {files.map((file) => (
        <li key={file.path}>
          {visible(file.path)} <small>+{file.added} −{file.deleted}</small>
        </li>
      ))}
    </ul>
  );
}

function Decision({ request, onSettled }: { request: Request; onSettled: () => void }) {
  const [isRejecting, setRejecting] = useState(false);
  const path = { number: request.number };
  async function decide(action: () => Promise<unknown>, done: string): Promise<void> {
    await attempt(action, done);
    onSettled();
  }
  const accept = () => post("/pull-requests/{number}/accept", { path, body: { head: request.head } });
  const reject = (reason: string) => post("/pull-requests/{number}/reject", { path, body: { reason } });
  return (
    <div class="actions">
      {mayWrite.value && (
        <>
          <button
            type="button"
            class="primary"
            onClick={() => void decide(accept, `Merged into ${visible(request.base)}.`)}
          >
            Accept
          </button>
          <button type="button" class="danger" onClick={() => setRejecting(true)}>
            Reject …
          </button>
        </>
      )}
      <a href={href("review", String(request.number))}>Every line of it</a>
      {isRejecting && (
        <AskReason
          title="Reject this request?"
          label="Why"
          confirm="Reject"
          onConfirm={(reason) => void decide(() => reject(reason), "Rejected; it is not proposed again.")}
          onClose={() => setRejecting(false)}
        />
      )}
    </div>
  );
}

export function RequestDetails({ number, onSettled }: { number: number; onSettled: () => void }) {
  const request = useResource<Request>(
    (known) => getUnlessKnown("/pull-requests/{number}", { path: { number } }, known),
    (event) => event.event === "run:finished",
  );
  return (
    <div class="details">
      <WhenLoaded from={request}>
        {(value) => (
          <>
            <p class="prose">{visibleLines(withoutMarkers(value.body))}</p>
            {value.files !== undefined && (
              <>
                <p>
                  {plural(value.files.length, "file")} from {visible(value.branch)} into {visible(value.base)}, commit{" "}
                  <code>{visible(value.head.slice(0, 12))}</code>
                </p>
                <Files files={value.files} />
              </>
            )}
            <Decision request={value} onSettled={onSettled} />
          </>
        )}
      </WhenLoaded>
    </div>
  );
}
