// The start page: what waits for a person, and below it how the repository stands.

import "./needs_you.css";
import { useEffect } from "preact/hooks";
import { getUnlessKnown, type Schemas, type Status } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { Costs } from "./costs";
import { Forecast } from "./forecast";
import { Needs } from "./needs";
import { Standing } from "./standing";

/// Approvals and schedules that did not start are told by no event.
const lookAgainMilliseconds = 30_000;

function useNeeds() {
  const needs = useResource<Schemas["Needs"]>(
    (known) => getUnlessKnown("/needs", {}, known),
    (event) => event.event !== "work:progress",
  );
  useEffect(() => {
    const timer = setInterval(needs.reload, lookAgainMilliseconds);
    return () => clearInterval(timer);
  }, [needs]);
  return needs;
}

export function NeedsYou() {
  const needs = useNeeds();
  const status = useResource<Status>(
    (known) => getUnlessKnown("/status", {}, known),
    (event) => event.event !== "work:progress",
  );
  return (
    <>
      <WhenLoaded from={needs}>{(value) => <Needs needs={value.needs} from={needs} />}</WhenLoaded>
      <WhenLoaded from={status}>
        {(value) => (
          <div class="standing">
            <Standing status={value} />
            <Costs spent={value.spent_usd} />
            <Forecast />
          </div>
        )}
      </WhenLoaded>
    </>
  );
}
