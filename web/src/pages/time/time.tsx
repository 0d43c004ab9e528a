// Who changed what, and when: a slider over the changes of the state, and the way back.

import { useEffect, useMemo, useState } from "preact/hooks";
import { post } from "../../api";
import { listen } from "../../events";
import { attempt } from "../../notices";
import { Ago, Properties } from "../../parts";
import { href, route, setParams } from "../../router";
import { mayWrite } from "../../session";
import { plural, visible } from "../../text";
import { BoardThen } from "./board_then";
import { makeOperations, type Operation } from "./operations";
import "./time.css";

const gatheringMilliseconds = 400;

function Undo({ operation, onDone }: { operation: Operation; onDone: () => void }) {
  const [ofOthers, setOfOthers] = useState(false);
  async function undo(): Promise<void> {
    const body = ofOthers ? { of_others: true } : {};
    const done = `Undone: ${visible(operation.subject)}`;
    await attempt(() => post("/operations/{operation}/undo", { path: { operation: operation.id }, body }), done);
    onDone();
  }
  return (
    <div class="toolbar">
      <button type="button" class="danger" onClick={() => void undo()}>
        Undo this change
      </button>
      <label class="tick">
        <input type="checkbox" checked={ofOthers} onChange={(event) => setOfOthers(event.currentTarget.checked)} />
        <span>also when somebody else made it</span>
      </label>
    </div>
  );
}

function link(page: string, name: string | null) {
  return name === null ? null : <a href={href(page, name)}>{visible(name)}</a>;
}

function Details({ operation, onDone }: { operation: Operation; onDone: () => void }) {
  return (
    <section aria-label="The change that is shown" class="operation">
      <h2>{visible(operation.subject)}</h2>
      <Properties
        of={[
          ["Kind", <code>{visible(operation.kind)}</code>],
          ["By", visible(operation.actor)],
          ["When", <Ago time={operation.time} />],
          ["Task", operation.task === null ? null : <a href={href("board", "", { task: operation.task })}>{visible(operation.task)}</a>],
          ["Changeling", link("changelings", operation.changeling)],
          ["Run", link("run", operation.run)],
          ["Over the service, session", operation.session],
          ["Undoes", operation.undoes === null ? null : <code>{operation.undoes.slice(0, 12)}</code>],
          ["Change", <code>{operation.id.slice(0, 12)}</code>],
        ]}
      />
      {mayWrite.value && <Undo key={operation.id} operation={operation} onDone={onDone} />}
    </section>
  );
}

function Row({ operation, isShown }: { operation: Operation; isShown: boolean }) {
  return (
    <li class={isShown ? "shown" : ""}>
      <span class="row-main">
        <button
          type="button"
          class="plain"
          aria-current={isShown ? "true" : undefined}
          onClick={() => setParams({ at: operation.id })}
        >
          {visible(operation.subject)}
        </button>
        <small>
          {visible(operation.kind)} · {visible(operation.actor)}
        </small>
      </span>
      <small>
        <Ago time={operation.time} />
      </small>
    </li>
  );
}

interface SliderProps {
  list: readonly Operation[];
  at: number;
}

/// To the right is later, as people read.
function Slider({ list, at }: SliderProps) {
  const last = list.length - 1;
  const choose = (position: number) => setParams({ at: list[last - position]!.id });
  const shown = list[at]!;
  return (
    <label>
      {plural(list.length, "change")}
      <input
        type="range"
        min={0}
        max={last}
        value={last - at}
        aria-valuetext={`${visible(shown.subject)}, ${shown.time}`}
        onInput={(event) => choose(Number(event.currentTarget.value))}
      />
    </label>
  );
}

const mostRows = 60;

export function Time() {
  const { params } = route.value;
  const changeling = params.get("changeling") ?? "";
  const operations = useMemo(() => makeOperations(changeling === "" ? {} : { changeling }), [changeling]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void operations.loadNewest(), gatheringMilliseconds);
    };
    const stop = listen({ onEvent: later, onFresh: later });
    void operations.loadNewest();
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [operations]);
  const { list, next, isLoaded, problem } = operations.state.value;
  const wanted = list.findIndex((one) => one.id === params.get("at"));
  const at = wanted === -1 ? 0 : wanted;
  const from = Math.max(0, Math.min(at - mostRows / 2, list.length - mostRows));
  const reload = () => void operations.loadNewest();
  return (
    <>
      {problem !== null && <p class="notice problem">{visible(problem.message)}</p>}
      {!isLoaded && problem === null && <p class="empty">Loading …</p>}
      {isLoaded && list.length === 0 && <p class="empty">Nothing has changed yet.</p>}
      {list.length > 0 && (
        <>
          <Slider list={list} at={at} />
          <Details operation={list[at]!} onDone={reload} />
          <BoardThen operation={list[at]!.id} />
          <ol class="rows" aria-label="Changes, newest first">
            {list.slice(from, from + mostRows).map((operation) => (
              <Row key={operation.id} operation={operation} isShown={operation === list[at]} />
            ))}
          </ol>
          {next !== null && (
            <div class="more">
              <button type="button" onClick={() => void operations.loadOlder()}>
                Load older changes
              </button>
            </div>
          )}
        </>
      )}
    </>
  );
}
