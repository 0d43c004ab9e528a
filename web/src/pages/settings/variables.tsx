// Which variables agents get, by name: values are nowhere in the service.

import { getUnlessKnown } from "../../api";
import { WhenLoaded } from "../../loaded";
import { Badge } from "../../parts";
import { useResource } from "../../resource";
import { href } from "../../router";
import { visible } from "../../text";

function Users({ of }: { of: readonly string[] }) {
  return (
    <small>
      {of.map((name, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <a href={href("changelings", name)}>{visible(name)}</a>
        </span>
      ))}
    </small>
  );
}

export function Variables() {
  const variables = useResource(
    (known) => getUnlessKnown("/variables", {}, known),
    () => false,
  );
  return (
    <section>
      <h2>Variables of agents</h2>
      <WhenLoaded from={variables}>
        {(found) => (
          <>
            {found.variables.length === 0 && <p class="empty">No changeling gives its agent a variable.</p>}
            {found.variables.length > 0 && (
              <ul class="rows" aria-label="Variables of agents">
                {found.variables.map((one) => (
                  <li key={one.name}>
                    <span class="row-main">
                      <code>{visible(one.name)}</code>
                      <Users of={one.changelings} />
                    </span>
                    {one.secret && <Badge tone="plain">secret</Badge>}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </WhenLoaded>
    </section>
  );
}
