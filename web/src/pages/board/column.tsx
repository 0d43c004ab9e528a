// One column: its head with count and limit, and the cards that are seen.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { visible } from "../../text";
import { Card } from "./card";
import type { ColumnStore } from "./column_store";
import { titleOf } from "./columns";
import { useBoard } from "./context";
import { makeDropTarget } from "./drag";
import { isOver, limitOf, setLimit } from "./limits";
import { cardHeight, scrollFor, visibleRange } from "./window";

/// How far it is scrolled and how high it is, as signals.
function useScrolling(column: ColumnStore) {
  const place = useRef<HTMLDivElement>(null);
  const scrolled = useSignal(0);
  const height = useSignal(0);
  useEffect(() => {
    const element = place.current!;
    const watch = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const range = useComputed(() => visibleRange(scrolled.value, height.value, column.cards.value.length));
  return { place, scrolled, height, range };
}

/// Cards further down are asked for before they are reached.
function useMore(column: ColumnStore, end: number) {
  const ahead = 15;
  const isNear = end + ahead >= column.cards.value.length && column.cards.value.length < column.total.value;
  useEffect(() => {
    if (isNear) void column.more();
  }, [isNear, column.cards.value.length]);
}

function useDrop(column: ColumnStore) {
  const { store, move } = useBoard();
  const place = useRef<HTMLElement>(null);
  const [isOverIt, setOver] = useState(false);
  useEffect(
    () =>
      makeDropTarget(place.current!, {
        status: column.status,
        onOver: setOver,
        onDrop: (task) => {
          const selected = store.selected.value;
          move(selected.has(task) && selected.size > 1 ? [...selected] : [task], column.status);
        },
      }),
    [column, move],
  );
  return { place, isOverIt };
}

function Head({ column, heading }: { column: ColumnStore; heading: string }) {
  const total = column.total.value;
  const limit = limitOf(column.status);
  return (
    <div class="column-head">
      <h2 id={heading}>{titleOf(column.status)}</h2>
      <span class={isOver(column.status, total) ? "count over" : "count"}>
        {total}
        {limit > 0 && ` of ${limit}`}
        {isOver(column.status, total) && <span class="hidden"> (over the limit)</span>}
      </span>
      <LimitInput column={column} />
    </div>
  );
}

function LimitInput({ column }: { column: ColumnStore }) {
  return (
    <input
      class="limit"
      type="number"
      min={0}
      tabIndex={-1}
      placeholder="limit"
      title="How many this column is to hold, in this browser; empty for any number"
      aria-label={`Limit of ${titleOf(column.status)}`}
      value={limitOf(column.status) || ""}
      onChange={(event) => setLimit(column.status, Number(event.currentTarget.value))}
    />
  );
}

export function Column({ column }: { column: ColumnStore }) {
  const { store } = useBoard();
  const { place, scrolled, height, range } = useScrolling(column);
  const drop = useDrop(column);
  const cards = column.cards.value;
  const { first, end } = range.value;
  useMore(column, end);
  const at = store.wantsFocus.value ? cards.findIndex((card) => card.id === store.current.value) : -1;
  // Before the next key: a card that is drawn no more would take the focus, and the key, with it.
  useLayoutEffect(() => {
    if (at < 0) return;
    scrolled.value = scrollFor(at, scrolled.value, height.value);
    place.current!.scrollTop = scrolled.value;
  }, [at]);
  const heading = `column-${column.status}`;
  return (
    <section ref={drop.place} class={`column${drop.isOverIt ? " target" : ""}`} aria-labelledby={heading}>
      <Head column={column} heading={heading} />
      {column.problem.value !== null && <p class="why">{visible(column.problem.value.message)}</p>}
      <div
        class="cards"
        ref={place}
        onScroll={(event) => {
          scrolled.value = event.currentTarget.scrollTop;
        }}
      >
        <ul style={{ height: `${cards.length * cardHeight}px` }} aria-labelledby={heading}>
          {cards.slice(first, end).map((card, offset) => (
            <Card key={card.id} card={card} index={first + offset} total={column.total.value} />
          ))}
        </ul>
      </div>
    </section>
  );
}
