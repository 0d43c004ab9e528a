// The notices as they are shown: at the edge of the window, or in the dialog that lies before everything else.

import { attempt, dismiss, type Notice, notices } from "./notices";
import { visible } from "./text";

function takeBack(notice: Notice): void {
  dismiss(notice.id);
  void attempt(notice.undo!, "Taken back.");
}

export function NoticeList() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <p key={notice.id} class={`notice ${notice.kind}`}>
          <span>
            {visible(notice.text)}
            {notice.hint !== "" && <small>{visible(notice.hint)}</small>}
          </span>
          {notice.undo !== undefined && (
            <button type="button" onClick={() => takeBack(notice)}>
              Undo
            </button>
          )}
          <button type="button" aria-label="Close" onClick={() => dismiss(notice.id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
