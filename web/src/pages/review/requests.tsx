// Requests of this repository: which there are, and one of them.

import { getUnlessKnown, type Schemas } from "../../api";
import { WhenLoaded } from "../../loaded";
import { Badge } from "../../parts";
import { useResource } from "../../resource";
import { href, route, setParams } from "../../router";
import { plural, visible } from "../../text";
import { Request } from "./request";
import { tones } from "./tones";

type PullRequest = Schemas["PullRequest"];

function RequestRow({ request }: { request: PullRequest }) {
  return (
    <li>
      <span class="row-main">
        <a href={href("review", String(request.number))}>
          #{request.number} {visible(request.title)}
        </a>
        <small>
          {visible(request.changeling)} · {visible(request.branch)} into {visible(request.base)}
        </small>
      </span>
      <span class="row-side">
        {(request.open_threads ?? 0) > 0 && <span>{plural(request.open_threads ?? 0, "open thread")}</span>}
        {request.changes_requested === true && <Badge tone="bad">changes requested</Badge>}
        {request.draft && <Badge tone="plain">draft</Badge>}
        <Badge tone={tones[request.state]}>{request.state}</Badge>
      </span>
    </li>
  );
}

function List() {
  const state = route.value.params.get("state") === "all" ? "all" : "open";
  const requests = useResource(
    (known) => getUnlessKnown("/pull-requests", { query: { state } }, known),
    (event) => event.event === "run:finished" || event.event.startsWith("review:"),
    [state],
  );
  return (
    <>
      <div class="conditions">
        <label>
          Which
          <select value={state} onChange={(event) => setParams({ state: event.currentTarget.value })}>
            <option value="open">open</option>
            <option value="all">closed as well</option>
          </select>
        </label>
      </div>
      <WhenLoaded from={requests}>
        {({ pull_requests: found }) => (
          <>
            <p role="status">{found.length === 0 ? "Nothing waits for a review." : plural(found.length, "request")}</p>
            {found.length > 0 && (
              <ul class="rows">
                {found.map((request) => (
                  <RequestRow key={request.number} request={request} />
                ))}
              </ul>
            )}
          </>
        )}
      </WhenLoaded>
    </>
  );
}

export function Review() {
  const { rest } = route.value;
  if (rest === "") return <List />;
  if (!/^[1-9]\d{0,8}$/.test(rest)) {
    return (
      <p class="empty">
        A request has a number. <a href={href("review")}>All requests</a>
      </p>
    );
  }
  return <Request key={rest} number={Number(rest)} />;
}
