// The table of settings with where each value comes from. They are set with git config: a page that could set them
// could name programs that run here.

import { getUnlessKnown, type Schemas } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { route, setParams } from "../../router";
import { visible } from "../../text";

type Setting = Schemas["Setting"];

function valueOf(setting: Setting): string {
  const { value } = setting;
  if (value === null) return setting.default === null ? "" : `${setting.default} (default)`;
  return Array.isArray(value) ? value.join(", ") : value;
}

export function holds(setting: Setting, words: string): boolean {
  const text = `${setting.key} ${valueOf(setting)} ${setting.help}`.toLowerCase();
  return text.includes(words.trim().toLowerCase());
}

function Row({ setting }: { setting: Setting }) {
  return (
    <tr>
      <th scope="row">
        <code>{visible(setting.key)}</code>
        {!setting.known && <small> is not known</small>}
      </th>
      <td>{visible(valueOf(setting)) || "–"}</td>
      <td>{visible(setting.origin ?? "")}</td>
      <td>
        <small>{visible(setting.help)}</small>
      </td>
    </tr>
  );
}

export function SettingsTable() {
  const words = route.value.params.get("search") ?? "";
  const settings = useResource((known) => getUnlessKnown("/settings", {}, known), () => false);
  return (
    <section>
      <h2>Settings</h2>
      <p>
        Set with <code>git config KEY VALUE</code>.
      </p>
      <div class="conditions">
        <label>
          Find
          <input type="search" value={words} onInput={(event) => setParams({ search: event.currentTarget.value })} />
        </label>
      </div>
      <WhenLoaded from={settings}>
        {(found) => (
          <div class="wide" tabIndex={0} role="region" aria-label="Table of settings">
            <table>
              <thead>
                <tr>
                  <th scope="col">Key</th>
                  <th scope="col">Value</th>
                  <th scope="col">From</th>
                  <th scope="col">What it does</th>
                </tr>
              </thead>
              <tbody>
                {found.settings
                  .filter((one) => holds(one, words))
                  .map((one, index) => (
                    <Row key={index} setting={one} />
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </WhenLoaded>
    </section>
  );
}
