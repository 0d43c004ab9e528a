// What a run has changed, whatever came of it: from its base to its newest commit.

import { get, getUnlessKnown, type Run } from "../../api";
import { WhenLoaded } from "../../loaded";
import { useResource } from "../../resource";
import { Difference } from "../review/difference";
import "../review/review.css";

function Loaded({ run, head }: { run: string; head: string }) {
  const path = { run };
  const changes = useResource(
    (known) => getUnlessKnown("/runs/{run}/diff", { path }, known),
    () => false,
    [run, head],
  );
  const loadFile = (file: string) => get("/runs/{run}/diff", { path, query: { path: file } });
  return <WhenLoaded from={changes}>{(shown) => <Difference of={shown} loadFile={loadFile} />}</WhenLoaded>;
}

export function Changes({ run }: { run: Run }) {
  if (run.head === null || run.base_commit === null) return null;
  return <Loaded key={run.head} run={run.id} head={run.head} />;
}
