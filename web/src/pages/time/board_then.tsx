// The board as it was right after a change.

import { useEffect, useState } from "preact/hooks";
import { get, type Refusal, type Schemas } from "../../api";
import { plural, visible } from "../../text";
import { columns } from "../board/columns";

/// The slider goes over many on its way.
const pauseMilliseconds = 200;
const mostShown = 20;

type Board = Schemas["BoardAtOperation"];
type Shown = { board: Board } | { problem: string } | null;

function Columns({ board }: { board: Board }) {
  return (
    <div class="board-then">
      {columns.map(({ status, title }) => {
        const cards = board.tasks.filter((card) => card.status === status);
        return (
          <section key={status} aria-label={title}>
            <h3>
              {title} <span class="count">{cards.length}</span>
            </h3>
            <ul>
              {cards.slice(0, mostShown).map((card) => (
                <li key={card.id}>{visible(card.title)}</li>
              ))}
            </ul>
            {cards.length > mostShown && <p class="empty">and {cards.length - mostShown} more</p>}
          </section>
        );
      })}
    </div>
  );
}

export function BoardThen({ operation }: { operation: string }) {
  const [shown, setShown] = useState<Shown>(null);
  useEffect(() => {
    const stopped = new AbortController();
    const timer = setTimeout(() => {
      get("/operations/{operation}/tasks", { path: { operation }, signal: stopped.signal })
        .then((board) => setShown({ board }))
        .catch((problem: Refusal) => stopped.signal.aborted || setShown({ problem: problem.message }));
    }, pauseMilliseconds);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [operation]);
  if (shown === null) return null;
  if ("problem" in shown) return <p class="wrong">{visible(shown.problem)}</p>;
  const { tasks, total } = shown.board;
  return (
    <section aria-label="The board then">
      <h2>The board then</h2>
      <p role="status">
        {plural(total, "task")}
        {total > tasks.length && `, of which ${tasks.length} are shown`}
      </p>
      <Columns board={shown.board} />
    </section>
  );
}
