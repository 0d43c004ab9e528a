// What the source has to be told: the address, and a new secret, which is shown only here.

import { useState } from "preact/hooks";
import { visible } from "../../text";
import { addressOf } from "./sources";

/// A secret that was just made.
export interface Issued {
  name: string;
  /// Empty where the source made it, or none is needed.
  secret: string;
}

interface CopyableProps {
  label: string;
  text: string;
}

/// Where there is no clipboard (over plain HTTP with a name of the network), it can still be marked and copied.
export function Copyable({ label, text }: CopyableProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div class="copyable">
      <label>
        {label}
        <input readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
      </label>
      {navigator.clipboard !== undefined && (
        <button type="button" aria-label={`Copy: ${label}`} onClick={() => void copy()}>
          {isCopied ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}

export function IssuedPanel({ issued, onClose }: { issued: Issued; onClose: () => void }) {
  return (
    <section class="issued" aria-label={`What the source of ${visible(issued.name)} is told`}>
      <p>
        Give the source this address and, as the type of its content, JSON (<code>application/json</code>).
        {issued.secret !== "" && " The secret is shown this once."}
      </p>
      <Copyable label="Address" text={addressOf(issued.name, location.href)} />
      {issued.secret !== "" && <Copyable label="Secret" text={issued.secret} />}
      <div class="actions">
        <button type="button" onClick={onClose}>
          I have it
        </button>
      </div>
    </section>
  );
}
