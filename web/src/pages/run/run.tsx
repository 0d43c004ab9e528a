// One run: how it stands, what it prints as it comes, and what can be done with it.

import { useEffect, useMemo } from "preact/hooks";
import { getUnlessKnown, type Run as RunRecord } from "../../api";
import { WhenLoaded } from "../../loaded";
import { Ago, Badge, Properties } from "../../parts";
import { useResource } from "../../resource";
import { href, route, setParams } from "../../router";
import { mayWrite } from "../../session";
import { dollars, duration, visible, visibleLines } from "../../text";
import { Changes } from "./changes";
import { ConversationView } from "./conversation_view";
import { Evidence } from "./evidence";
import { LogView } from "./log_view";
import { makeLogStore } from "./log_store";
import { useMetrics, withMetrics } from "./metrics";
import { standingOf } from "./outcomes";
import "./run.css";
import { SendMessage, StopOrRetry } from "./run_actions";

function link(page: string, name: string | null, text = name) {
  return name === null ? null : <a href={href(page, name)}>{visible(text ?? "")}</a>;
}

/// A record is what somebody pushed. Nothing of this machine is a forge, and would be sent our cookie.
function leadsElsewhere(address: string): boolean {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) return false;
  const name = new URL(address).hostname;
  return name !== location.hostname && !/^(localhost|.*\.localhost|127\..*|\[::1\]|0\.0\.0\.0)$/.test(name);
}

function requestOf(run: RunRecord) {
  const request = run.pull_request;
  if (request === null) return null;
  const isElsewhere = leadsElsewhere(request.url);
  const text = `#${request.number} (${visible(request.state)})`;
  if (isElsewhere) {
    return (
      <a href={request.url} rel="noreferrer noopener" target="_blank">
        {text}
      </a>
    );
  }
  return link("review", String(request.number), text);
}

function tokensOf(run: RunRecord): string | null {
  return run.tokens === null ? null : `${run.tokens.input} in, ${run.tokens.output} out`;
}

function Numbers({ run: record }: { run: RunRecord }) {
  const run = withMetrics(record, useMetrics(record.id));
  const took = run.duration_ms === null ? null : duration(run.duration_ms);
  return (
    <Properties
      of={[
        ["Changeling", link("changelings", run.changeling)],
        ["Task", run.task === null ? null : <a href={href("board", "", { task: run.task })}>{visible(run.task)}</a>],
        ["Request", requestOf(run)],
        ["Started by", visible(run.trigger)],
        ["Started", <Ago time={run.started_at} />],
        ["Took", took],
        ["Cost", run.cost_usd === null ? null : dollars(run.cost_usd)],
        ["Tokens", tokensOf(run)],
        ["Turns", run.turns],
        ["Agent", visible(run.agent)],
        ["Branch", run.branch === null ? null : visible(run.branch)],
        ["On", visible(run.host)],
        ["Tries again", link("run", run.retry_of)],
        ["Run", <code>{run.id}</code>],
      ]}
    />
  );
}

function Outcome({ run }: { run: RunRecord }) {
  const standing = standingOf(run);
  const words = run.error ?? run.activity ?? "";
  return (
    <div class="toolbar" role="status">
      <Badge tone={standing.tone}>{visible(standing.word)}</Badge>
      {standing.sentence !== "" && <span>{standing.sentence}</span>}
      {words !== "" && <span>{visible(words)}</span>}
    </div>
  );
}

const views = [
  ["", "Log"],
  ["transcript", "Transcript"],
] as const;

function Views({ run, view }: { run: string; view: string }) {
  const file = `api/v1/runs/${encodeURIComponent(run)}/log/file${view === "transcript" ? "?transcript=true" : ""}`;
  return (
    <div class="toolbar">
      {views.map(([name, label]) => (
        <button key={name} type="button" aria-pressed={view === name} onClick={() => setParams({ view: name, at: "" })}>
          {label}
        </button>
      ))}
      <a href={file} download={`${run}${view === "transcript" ? ".transcript" : ""}.log`}>
        Download
      </a>
    </div>
  );
}

function Log({ run, isLive }: { run: RunRecord; isLive: boolean }) {
  const at = route.value.params.get("at");
  const marked = at !== null && /^\d{1,12}$/.test(at) ? Number(at) : null;
  const store = useMemo(() => makeLogStore(run.id), [run.id]);
  useEffect(() => {
    let leave = () => {};
    let isOver = false;
    void store.loadTail().then(() => {
      if (!isOver && isLive) leave = store.follow();
    });
    return () => {
      isOver = true;
      leave();
    };
  }, [store]);
  useEffect(() => {
    if (!isLive && store.state.value.isLoaded) void store.loadMore();
  }, [isLive]);
  const { problem } = store.state.value;
  return (
    <>
      {problem !== null && <p class="notice problem">{visible(problem.message)}</p>}
      <LogView store={store} run={run.id} marked={marked} />
    </>
  );
}

function Output({ run }: { run: RunRecord }) {
  const view = route.value.params.get("view") === "transcript" ? "transcript" : "";
  const isLive = run.status === "running";
  return (
    <section>
      <h2>Output</h2>
      <Views run={run.id} view={view} />
      {view === "" ? <Log run={run} isLive={isLive} /> : <ConversationView run={run.id} isLive={isLive} />}
    </section>
  );
}

function Words({ run }: { run: RunRecord }) {
  const text = run.report ?? run.summary ?? "";
  if (text === "") return null;
  return (
    <section>
      <h2>{run.report === undefined ? "Summary" : "Report"}</h2>
      <p class="text">{visibleLines(text)}</p>
    </section>
  );
}

export function Run() {
  const id = route.value.rest;
  const run = useResource(
    (known) => getUnlessKnown("/runs/{run}", { path: { run: id } }, known),
    (event) => event.event !== "run:metrics" && event.run !== undefined && (event.run === id || event.run.startsWith(id)),
    [id],
  );
  return (
    <WhenLoaded from={run}>
      {(record) => (
        <>
          <div class="toolbar">
            <strong>{visible(record.changeling ?? record.task ?? record.id)}</strong>
            <StopOrRetry run={record} onChanged={run.reload} />
            <a href={href("runs", "", record.changeling === null ? {} : { changeling: record.changeling })}>All its runs</a>
          </div>
          <Outcome run={record} />
          <Numbers run={record} />
          <Words run={record} />
          {record.status === "running" && !record.presumed_dead && mayWrite.value && <SendMessage run={record} />}
          <Output key={record.id} run={record} />
          <Evidence run={record} />
          <Changes run={record} />
        </>
      )}
    </WhenLoaded>
  );
}
