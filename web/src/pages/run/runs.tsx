// The list of runs: conditions and the place in the list stand in the address.

import { getUnlessKnown, type Run } from "../../api";
import { isRunChange } from "../../events";
import { WhenLoaded } from "../../loaded";
import { Ago, Badge } from "../../parts";
import { useResource } from "../../resource";
import { href, route, setParams } from "../../router";
import { dollars, duration, plural, visible } from "../../text";
import { outcomes, standingOf } from "./outcomes";

const conditions = ["changeling", "task", "outcome", "trigger", "since", "search"] as const;
const perPage = 50;

function conditionsNow(): Record<string, string> {
  const given = conditions.map((name) => [name, route.value.params.get(name) ?? ""] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/// A cursor holds for the same conditions only, so changing one goes back to the newest.
function change(name: string, value: string): void {
  setParams({ [name]: value.trim(), cursor: "" });
}

function TextFilter({ name, label, placeholder = "" }: { name: string; label: string; placeholder?: string }) {
  return (
    <label>
      {label}
      <input
        type="search"
        value={route.value.params.get(name) ?? ""}
        placeholder={placeholder}
        onChange={(event) => change(name, event.currentTarget.value)}
      />
    </label>
  );
}

function Filters() {
  const outcome = route.value.params.get("outcome") ?? "";
  return (
    <form class="conditions" role="search" onSubmit={(event) => event.preventDefault()}>
      <TextFilter name="search" label="Words in summary or error" />
      <TextFilter name="changeling" label="Changeling" />
      <TextFilter name="since" label="Since" placeholder="2d or 2026-11-30" />
      <label>
        Outcome
        <select value={outcome} onChange={(event) => change("outcome", event.currentTarget.value)}>
          <option value="">any</option>
          <option value="lost">lost</option>
          {Object.keys(outcomes).map((word) => (
            <option key={word} value={word}>
              {word}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

function numbersOf(run: Run): string {
  const parts = [run.trigger];
  if (run.duration_ms !== null) parts.push(duration(run.duration_ms));
  if (run.cost_usd !== null) parts.push(dollars(run.cost_usd));
  return parts.join(" · ");
}

export function RunRow({ run }: { run: Run }) {
  const standing = standingOf(run);
  const words = run.error ?? run.summary ?? "";
  return (
    <li>
      <span class="row-main">
        <a href={href("run", run.id)}>{visible(run.changeling ?? run.task ?? run.id)}</a>
        {words !== "" && <span>{visible(words).slice(0, 200)}</span>}
        <small>
          {run.id} · {visible(numbersOf(run))}
        </small>
      </span>
      <span class="row-side">
        <Badge tone={standing.tone}>{visible(standing.word)}</Badge>
        <small>
          <Ago time={run.started_at} />
        </small>
      </span>
    </li>
  );
}

function PageLinks({ next }: { next: string | null }) {
  const isFirst = (route.value.params.get("cursor") ?? "") === "";
  return (
    <nav class="more" aria-label="Pages of the list">
      {!isFirst && <a href={href("runs", "", conditionsNow())}>Newest</a>}
      {next !== null && <a href={href("runs", "", { ...conditionsNow(), cursor: next })}>Older</a>}
    </nav>
  );
}

export function Runs() {
  const given = conditionsNow();
  const cursor = route.value.params.get("cursor") ?? "";
  const query = { ...given, limit: perPage, ...(cursor === "" ? {} : { cursor }) };
  const runs = useResource(
    (known) => getUnlessKnown("/runs", { query }, known),
    isRunChange,
    [JSON.stringify(query)],
  );
  return (
    <>
      <Filters />
      <WhenLoaded from={runs}>
        {(found) => (
          <>
            <p role="status">{plural(found.total, "run")}</p>
            {found.runs.length > 0 && (
              <ul class="rows">
                {found.runs.map((run) => (
                  <RunRow key={run.id} run={run} />
                ))}
              </ul>
            )}
            <PageLinks next={found.next_cursor} />
          </>
        )}
      </WhenLoaded>
    </>
  );
}
