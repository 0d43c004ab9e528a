// The repositories that this service has, each with a dashboard of its own.

import { getUnlessKnown } from "../../api";
import { WhenLoaded } from "../../loaded";
import { placeOf } from "../../repositories";
import { useResource } from "../../resource";
import { visible } from "../../text";
import { loadStatus, standingInWords } from "./standing";

/// Of the dashboard of another repository, from wherever this page is, also below a base path.
export function addressOf(name: string, path: string): string {
  return `${placeOf(path).root}repositories/${encodeURIComponent(name)}/`;
}

/// How one stands, asked of itself; its status may have a problem of its own, which is then shown in its place.
function Standing({ address }: { address: string }) {
  const status = useResource(() => loadStatus(address), () => false, [address]);
  return <WhenLoaded from={status}>{(now) => <small>{standingInWords(now)}</small>}</WhenLoaded>;
}

export function Repositories() {
  const repositories = useResource((known) => getUnlessKnown("/repositories", {}, known), () => false);
  return (
    <section>
      <h2>Repositories</h2>
      <WhenLoaded from={repositories}>
        {(found) => (
          <ul class="rows">
            {found.repositories.map(({ name }) => (
              <li key={name}>
                <span class="row-main">
                  <a href={addressOf(name, location.pathname)}>{visible(name)}</a>
                  <Standing address={addressOf(name, location.pathname)} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </WhenLoaded>
    </section>
  );
}
