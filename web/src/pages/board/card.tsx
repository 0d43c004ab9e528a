// One task on the board.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TaskCard } from "../../api";
import { now } from "../../clock";
import { mayWrite } from "../../session";
import { plural, visible } from "../../text";
import { useBoard } from "./context";
import { makeDraggable } from "./drag";
import { claimOf, whyNotRunning } from "./why";
import { cardHeight } from "./window";

interface CardProps {
  card: TaskCard;
  index: number;
  total: number;
}

function useDragging(card: TaskCard) {
  const place = useRef<HTMLLIElement>(null);
  const [isDragged, setDragged] = useState(false);
  const isDraggable = mayWrite.value;
  useEffect(() => (isDraggable ? makeDraggable(place.current!, card.id, setDragged) : undefined), [card.id, isDraggable]);
  return { place, isDragged };
}

/// The keyboard has chosen this card, which is drawn only now.
function useFocus(card: TaskCard) {
  const { store } = useBoard();
  const title = useRef<HTMLButtonElement>(null);
  const isCurrent = store.current.value === card.id;
  const isWanted = isCurrent && store.wantsFocus.value;
  useLayoutEffect(() => {
    if (!isWanted) return;
    title.current?.focus({ preventScroll: true });
    store.wantsFocus.value = false;
  }, [isWanted]);
  return { title, isCurrent };
}

function Marks({ card }: { card: TaskCard }) {
  return (
    <span class="marks">
      <span class={`priority ${card.priority}`}>{card.priority}</span>
      {card.complexity !== null && <span>{card.complexity}</span>}
      {card.role !== "" && <span class="role">{visible(card.role)}</span>}
      {card.labels.map((label) => (
        <span key={label} class="label">
          {visible(label)}
        </span>
      ))}
      {card.attempts > 0 && <span>{plural(card.attempts, "attempt")}</span>}
      {card.dropped && <span>dropped</span>}
    </span>
  );
}

function Below({ card }: { card: TaskCard }) {
  const { facts, store } = useBoard();
  const nameOf = (task: string) => store.card(task)?.title ?? task;
  const claim = claimOf(card, now.value);
  const [kind, text] = claim === "" ? ["why", whyNotRunning(card, facts, now.value, nameOf)] : ["claim", claim];
  if (text === "") return null;
  return (
    <span class={kind} title={text}>
      {text}
    </span>
  );
}

export function Card({ card, index, total }: CardProps) {
  const { store, openMenu, openDetails } = useBoard();
  const { place, isDragged } = useDragging(card);
  const { title, isCurrent } = useFocus(card);
  const isSelected = store.selected.value.has(card.id);
  const name = visible(card.title);
  return (
    <li
      ref={place}
      class={`card${isDragged ? " dragged" : ""}${isSelected ? " selected" : ""}`}
      style={{ top: `${index * cardHeight}px` }}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-task={card.id}
    >
      {mayWrite.value && (
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${name}`}
          checked={isSelected}
          onChange={() => store.toggle(card.id)}
        />
      )}
      <button
        ref={title}
        type="button"
        class="title"
        title={name}
        tabIndex={isCurrent ? 0 : -1}
        onFocus={() => {
          store.current.value = card.id;
        }}
        onClick={() => openDetails(card.id)}
      >
        {name}
      </button>
      {mayWrite.value && (
        <button
          type="button"
          class="more"
          tabIndex={-1}
          aria-label={`Actions for ${name}`}
          aria-haspopup="menu"
          onClick={(event) => openMenu(card.id, event.currentTarget)}
        >
          ⋯
        </button>
      )}
      <Marks card={card} />
      <Below card={card} />
    </li>
  );
}
