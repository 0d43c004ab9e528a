// Tools that an agent was refused, allowed from the next run on. That changes the definition, so it ends in trust.

import { useState } from "preact/hooks";
import { get, getTagged, patch, type Run } from "../../api";
import { WhenLoaded } from "../../loaded";
import { attempt } from "../../notices";
import { useResource } from "../../resource";
import { mayWrite } from "../../session";
import { visible } from "../../text";
import { permissionFor, toolsAmong, withPermissions } from "./permissions";

/// Adds them to what it may do now; whoever changes it meanwhile is not overwritten.
async function allow(changeling: string, permissions: readonly string[]): Promise<void> {
  const path = { changeling };
  const { value, tag } = await getTagged("/changelings/{changeling}", { path });
  const body = { permissions: withPermissions(value.permissions ?? [], permissions) };
  await patch("/changelings/{changeling}", { path, body, ifMatch: tag });
}

interface ToolsProps {
  changeling: string;
  refused: readonly string[];
  onSettled: () => void;
}

function Tools({ changeling, refused, onSettled }: ToolsProps) {
  const [wanted, setWanted] = useState<Record<string, string>>(
    refused.length === 1 ? { [refused[0]!]: permissionFor(refused[0]!) } : {},
  );
  const [isBusy, setBusy] = useState(false);
  const name = visible(changeling);
  const permissions = Object.values(wanted);
  function want(tool: string, permission: string | null): void {
    const { [tool]: _, ...others } = wanted;
    setWanted(permission === null ? others : { ...others, [tool]: permission });
  }
  async function send(): Promise<void> {
    setBusy(true);
    const done = `${name} may use ${visible(permissions.join(", "))} once it is trusted: see To approve.`;
    if (await attempt(() => allow(changeling, permissions), done)) onSettled();
    setBusy(false);
  }
  return (
    <form
      class="allow"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {refused.map((tool) => (
        <fieldset key={tool}>
          <label class="choice">
            <input
              type="checkbox"
              checked={tool in wanted}
              onChange={(event) => want(tool, event.currentTarget.checked ? permissionFor(tool) : null)}
            />
            {visible(tool)}
          </label>
          {tool in wanted && (
            <label>
              Permission, in the agent's notation
              <input
                value={wanted[tool]}
                required
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => want(tool, event.currentTarget.value)}
              />
            </label>
          )}
        </fieldset>
      ))}
      <p>
        This changes the definition of {name}: nothing of it runs until you trust it again. That is asked next, under{" "}
        <em>To approve</em>, with the difference.
      </p>
      <div class="actions">
        <button type="submit" class="primary" disabled={isBusy || permissions.length === 0}>
          Allow
        </button>
      </div>
    </form>
  );
}

export function AllowTools({ run, changeling, onSettled }: { run: string; changeling: string; onSettled: () => void }) {
  const found = useResource<Run>(
    async () => ({ value: await get("/runs/{run}", { path: { run } }), tag: "" }),
    () => false,
  );
  if (!mayWrite.value) return null;
  return (
    <div class="details">
      <WhenLoaded from={found}>
        {(value) => <Tools changeling={changeling} refused={toolsAmong(value.refused)} onSettled={onSettled} />}
      </WhenLoaded>
    </div>
  );
}
