// What can be done to one task.

import { patch, post, type TaskCard } from "../../api";
import { Menu, type MenuGroup } from "../../menu";
import { attempt } from "../../notices";
import { visible } from "../../text";
import type { BoardStore } from "./board_store";
import { columns, isLegal } from "./columns";
import type { BoardContext } from "./context";
import { priorities } from "./filters";

interface TaskMenuProps {
  board: BoardContext;
  card: TaskCard;
  anchor: Element;
  onClose: () => void;
  onDrop: () => void;
}

async function change(store: BoardStore, action: () => Promise<unknown>, done: string): Promise<void> {
  await attempt(action, done);
  store.reloadSoon(store.columns);
}

function moves({ board, card }: TaskMenuProps): MenuGroup {
  const items = columns
    .filter(({ status }) => status !== card.status && isLegal(board.moves, card.status, status))
    .map(({ status, title }) => ({ label: title, action: () => board.move([card.id], status) }));
  return { title: "Move to", items };
}

function importance({ board, card }: TaskMenuProps): MenuGroup {
  const path = { task: card.id };
  const items = priorities
    .filter((priority) => priority !== card.priority)
    .map((priority) => ({
      label: priority,
      action: () => void change(board.store, () => patch("/tasks/{task}", { path, body: { priority } }), ""),
    }));
  return { title: "Priority", items };
}

function others({ board, card, onDrop }: TaskMenuProps): MenuGroup {
  const path = { task: card.id };
  const { store } = board;
  const items: MenuGroup["items"][number][] = [
    { label: "Open", action: () => board.openDetails(card.id) },
    { label: store.selected.value.has(card.id) ? "Select no more" : "Select", action: () => store.toggle(card.id) },
  ];
  if (card.closed_gate === "person")
    items.push({
      label: "Approve",
      action: () => void change(store, () => post("/tasks/{task}/approve", { path }), "The gate is open."),
    });
  if (card.lease !== null)
    items.push({
      label: "Give back",
      action: () => void change(store, () => post("/tasks/{task}/release", { path, body: {} }), "Given back."),
    });
  items.push({ label: "Drop …", action: onDrop, kind: "danger" });
  if (card.lease === null)
    items.push({
      label: "Remove",
      action: () => void store.remove(card.id),
      kind: "danger",
    });
  return { title: "Task", items };
}

export function TaskMenu(props: TaskMenuProps) {
  return (
    <Menu
      label={`Actions for ${visible(props.card.title)}`}
      anchor={props.anchor}
      groups={[moves(props), importance(props), others(props)]}
      onClose={props.onClose}
    />
  );
}
