// What is typed to an agent.

import { useState } from "preact/hooks";
import "./chat.css";

interface ComposerProps {
  label: string;
  isBusy: boolean;
  onSend: (text: string) => Promise<boolean>;
}

/// Enter sends, as in every chat; with Shift it is a new line.
export function Composer({ label, isBusy, onSend }: ComposerProps) {
  const [text, setText] = useState("");
  const [isSending, setSending] = useState(false);
  async function send(): Promise<void> {
    if (text.trim() === "" || isBusy || isSending) return;
    setSending(true);
    if (await onSend(text)) setText("");
    setSending(false);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        {label}
        <textarea rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKeyDown} />
      </label>
      <button type="submit" class="primary" disabled={isBusy || isSending}>
        Send
      </button>
    </form>
  );
}
