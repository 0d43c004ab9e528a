// Asks for one line of text before something is done.

import { useState } from "preact/hooks";
import { Dialog } from "./dialog";

interface AskReasonProps {
  title: string;
  label: string;
  confirm: string;
  isRequired?: boolean;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

export function AskReason({ title, label, confirm, isRequired = false, onConfirm, onClose }: AskReasonProps) {
  const [reason, setReason] = useState("");
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onConfirm(reason.trim());
        }}
      >
        <label>
          {label}
          <input value={reason} required={isRequired} onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        <div class="actions">
          <button type="submit" class="primary">
            {confirm}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
