// Taking a webhook away takes its secrets, so it is asked for.

import { remove } from "../../api";
import { Dialog } from "../../dialog";
import { attempt } from "../../notices";
import { href } from "../../router";
import { visible } from "../../text";

export function RemoveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  async function confirm(): Promise<void> {
    if (!(await attempt(() => remove("/webhooks/{webhook}", { path: { webhook: name } }), `${visible(name)} is removed.`))) {
      return;
    }
    onClose();
    location.hash = href("webhooks");
  }
  return (
    <Dialog title={`Remove ${visible(name)}?`} onClose={onClose}>
      <p>Deliveries to it are refused from then on, and this machine's secrets for it are gone.</p>
      <div class="actions">
        <button type="button" class="danger" onClick={() => void confirm()}>
          Remove it
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
