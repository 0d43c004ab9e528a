// The start page: what waits for a person, and below it how the repository stands.

import { getUnlessKnown, type Status } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { Standing } from "./standing";

export function NeedsYou() {
  const status = useResource<Status>(
    (known) => getUnlessKnown("/status", {}, known),
    () => true,
  );
  return <WhenLoaded from={status}>{(value) => <Standing status={value} />}</WhenLoaded>;
}
