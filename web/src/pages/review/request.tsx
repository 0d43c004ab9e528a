// One request: what it changes, what proves it, and the word on it.

import { useMemo } from "preact/hooks";
import { get, getUnlessKnown, type Schemas } from "../../api";
import type { ServiceEvent } from "../../events";
import { WhenLoaded } from "../../loaded";
import { Badge, Properties } from "../../parts";
import { useResource } from "../../resource";
import { href } from "../../router";
import { mayWrite } from "../../session";
import { visible, visibleLines, withoutMarkers } from "../../text";
import { waiting } from "../../waiting";
import { Evidence } from "../run/evidence";
import { Difference, type LoadFile } from "./difference";
import { makeDraft } from "./draft_review";
import { keyOf, placeOf, shownKeys } from "./places";
import "./review.css";
import { Said, SendReview } from "./said";
import { tones } from "./tones";
import { Word } from "./word";

type Details = Schemas["PullRequestDetails"];

/// The newest run that proposed it; the API has no address for that, so the changeling's runs are looked through.
function RunEvidence({ request }: { request: Details }) {
  const runs = useResource(
    (known) => getUnlessKnown("/runs", { query: { changeling: request.changeling, limit: 50 } }, known),
    (event) => event.event === "run:finished",
    [request.changeling],
  );
  return (
    <WhenLoaded from={runs}>
      {(found) => {
        const run = found.runs.find((one) => one.pull_request?.number === request.number);
        if (run === undefined) return <p class="empty">None of the newest 50 runs here has proposed it.</p>;
        return (
          <>
            <p>
              Proposed by run <a href={href("run", run.id)}>{run.id}</a>
            </p>
            <Evidence run={run} />
          </>
        );
      }}
    </WhenLoaded>
  );
}

function Header({ request }: { request: Details }) {
  return (
    <>
      <h2>
        #{request.number} {visible(request.title)} <Badge tone={tones[request.state]}>{request.state}</Badge>
      </h2>
      <Properties
        of={[
          ["Changeling", <a href={href("changelings", request.changeling)}>{visible(request.changeling)}</a>],
          ["Branch", visible(request.branch)],
          ["Into", visible(request.base)],
          ["Head", <code>{request.head.slice(0, 12)}</code>],
          ["Closed because", request.close_reason === undefined ? null : visible(request.close_reason)],
        ]}
      />
      {request.body !== "" && (
        <details class="tool-call">
          <summary>Description</summary>
          <p class="text">{visibleLines(withoutMarkers(request.body))}</p>
        </details>
      )}
    </>
  );
}

const none: Schemas["Reviews"] = { reviews: [], threads: [], open_threads: 0, changes_requested: false };

interface ReviewedProps {
  shown: Schemas["Difference"];
  loadFile: LoadFile;
  reviews: Schemas["Reviews"];
  onChange: () => void;
}

/// What is said of the lines, and the lines.
function Reviewed({ shown, loadFile, reviews, onChange }: ReviewedProps) {
  const draft = useMemo(() => makeDraft(shown.number), [shown.number]);
  const shownPlaces = useMemo(() => shownKeys(shown.files), [shown]);
  const elsewhere = reviews.threads.filter((thread) => {
    const place = placeOf(thread);
    return place === null || !shownPlaces.has(keyOf(place));
  });
  return (
    <>
      <Said request={shown.number} reviews={reviews.reviews} elsewhere={elsewhere} onChange={onChange} />
      <Difference
        of={shown}
        loadFile={loadFile}
        talk={{ request: shown.number, threads: reviews.threads, draft, onChange }}
      />
      {mayWrite.value && <SendReview draft={draft} head={shown.head} onSent={onChange} />}
    </>
  );
}

const isReview = (event: ServiceEvent): boolean => event.event.startsWith("review:");

function OpenRequest({ request, onDone }: { request: Details; onDone: () => void }) {
  const path = { number: request.number };
  const difference = useResource(
    (known) => getUnlessKnown("/pull-requests/{number}/diff", { path }, known),
    () => false,
    [request.number],
  );
  const reviews = useResource(
    (known) => getUnlessKnown("/pull-requests/{number}/reviews", { path }, known),
    isReview,
    [request.number],
  );
  const loadFile = (file: string) => get("/pull-requests/{number}/diff", { path, query: { path: file } });
  function reload(): void {
    onDone();
    difference.reload();
    waiting.reload();
  }
  return (
    <>
      {mayWrite.value && <Word request={request} head={difference.state.value.value?.head ?? null} onDone={reload} />}
      <WhenLoaded from={difference}>
        {(shown) => (
          <Reviewed shown={shown} loadFile={loadFile} reviews={reviews.state.value.value ?? none} onChange={() => reviews.reload()} />
        )}
      </WhenLoaded>
    </>
  );
}

export function Request({ number }: { number: number }) {
  const request = useResource(
    (known) => getUnlessKnown("/pull-requests/{number}", { path: { number } }, known),
    (event) => event.event === "run:finished",
  );
  return (
    <>
      <p>
        <a href={href("review")}>All requests</a>
      </p>
      <WhenLoaded from={request}>
        {(details) => (
          <>
            <Header request={details} />
            {details.state === "open" && <OpenRequest request={details} onDone={request.reload} />}
            <RunEvidence request={details} />
          </>
        )}
      </WhenLoaded>
    </>
  );
}
