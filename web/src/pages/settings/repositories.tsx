// The repositories that this service has, each with a dashboard of its own.

import { getUnlessKnown } from "../../api";
import { WhenLoaded } from "../../loaded";
import { placeOf } from "../../repositories";
import { useResource } from "../../resource";
import { visible } from "../../text";

/// Of the dashboard of another repository, from wherever this page is, also below a base path.
export function addressOf(name: string, path: string): string {
  return `${placeOf(path).root}repositories/${encodeURIComponent(name)}/`;
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
                <a href={addressOf(name, location.pathname)}>{visible(name)}</a>
              </li>
            ))}
          </ul>
        )}
      </WhenLoaded>
    </section>
  );
}
