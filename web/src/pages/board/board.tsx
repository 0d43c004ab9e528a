// Tasks by status: seven columns.

import "./board.css";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { getUnlessKnown, type Schemas, type Status, type TaskStatus } from "../../api";
import { AskReason } from "../../ask_reason";
import { useResource } from "../../resource";
import { route, setParams } from "../../router";
import { mayWrite } from "../../session";
import { plural } from "../../text";
import { AddTask } from "./add_task";
import { BoardStore } from "./board_store";
import { BulkBar } from "./bulk";
import { Column } from "./column";
import { type BoardContext, Shared } from "./context";
import { Details } from "./details";
import { FilterBar } from "./filter_bar";
import { filtersIn } from "./filters";
import { handleKey } from "./keyboard";
import { TaskMenu } from "./task_menu";
import { factsOf } from "./why";

/// The board's store, which follows the conditions in the address.
function useStore() {
  const filters = filtersIn(route.value.params);
  const words = JSON.stringify(filters);
  const store = useMemo(() => new BoardStore(filters), []);
  const isFirst = useRef(true);
  useEffect(() => store.start(), []);
  useEffect(() => {
    if (!isFirst.current) store.show(filters);
    isFirst.current = false;
  }, [words]);
  return { store, filters };
}

function useFacts() {
  const status = useResource<Status>(
    (known) => getUnlessKnown("/status", {}, known),
    (event) => event.event !== "work:progress" && event.event !== "run:metrics",
  );
  const trust = useResource<Schemas["Standings"]>(
    (known) => getUnlessKnown("/trust", {}, known),
    (event) => event.event === "trigger:skipped",
  );
  const roles = useResource<Schemas["Roles"]>(
    (known) => getUnlessKnown("/roles", {}, known),
    () => false,
  );
  const moves = useResource<Schemas["TaskMoves"]>(
    (known) => getUnlessKnown("/task-moves", {}, known),
    () => false,
  );
  const untrusted = (trust.state.value.value?.approvals ?? [])
    .filter((standing) => standing.kind === "role" && !standing.trusted)
    .map((standing) => standing.name.replace(/^role:/, ""));
  return {
    facts: factsOf(status.state.value.value, untrusted),
    moves: moves.state.value.value?.moves ?? null,
    roles: (roles.state.value.value?.roles ?? []).map((role) => role.name),
  };
}

type Open =
  | { kind: "menu"; task: string; anchor: Element }
  | { kind: "block"; tasks: readonly string[] }
  | { kind: "drop"; task: string }
  | { kind: "add" }
  | null;

function moveAll(store: BoardStore, tasks: readonly string[], to: TaskStatus, reason = ""): void {
  if (tasks.length === 1) void store.move(tasks[0]!, to, reason);
  else void store.moveSelected(to, reason);
}

interface OpenedProps {
  open: Open;
  board: BoardContext;
  roles: readonly string[];
  setOpen: (open: Open) => void;
}

/// The menu, or the dialog that stands before the board.
function Opened({ open, board, roles, setOpen }: OpenedProps) {
  const onClose = () => setOpen(null);
  const { store } = board;
  if (open === null) return null;
  if (open.kind === "add") return <AddTask roles={roles} onAdded={() => store.reloadAll()} onClose={onClose} />;
  if (open.kind === "block")
    return (
      <AskReason
        title={`Block ${plural(open.tasks.length, "task")}?`}
        label="Why nobody is to work on it"
        confirm="Block"
        isRequired
        onConfirm={(reason) => moveAll(store, open.tasks, "blocked", reason)}
        onClose={onClose}
      />
    );
  if (open.kind === "drop")
    return (
      <AskReason
        title="Drop this task?"
        label="Why nobody is to do it"
        confirm="Drop"
        onConfirm={(reason) => void store.drop(open.task, reason)}
        onClose={onClose}
      />
    );
  const card = store.card(open.task);
  if (card === undefined) return null;
  const onDrop = () => setOpen({ kind: "drop", task: open.task });
  return <TaskMenu board={board} card={card} anchor={open.anchor} onClose={onClose} onDrop={onDrop} />;
}

/// The first card is where the keyboard comes in, until it has been somewhere.
function keepOneReachable(store: BoardStore): void {
  if (store.placeOf(store.current.value) !== undefined) return;
  const first = store.columns.find((column) => column.cards.value.length > 0);
  const task = first?.cards.value[0]?.id;
  if (task !== undefined) store.current.value = task;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");
}

export function Board() {
  const { store, filters } = useStore();
  const { facts, moves, roles } = useFacts();
  const [open, setOpen] = useState<Open>(null);
  const openMenu = (task: string, anchor: Element) => setOpen({ kind: "menu", task, anchor });
  const move = (tasks: readonly string[], to: TaskStatus) =>
    to === "blocked" ? setOpen({ kind: "block", tasks }) : moveAll(store, tasks, to);
  const board: BoardContext = { store, facts, moves, openMenu, move, openDetails: (task) => setParams({ task }) };
  const shown = route.value.params.get("task") ?? "";
  const cards = store.columns.map((column) => column.cards.value);
  useEffect(() => keepOneReachable(store), cards);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const anchor = event.target as Element;
    if (handleKey(store, event.key, (task) => openMenu(task, anchor))) event.preventDefault();
  }
  return (
    <Shared.Provider value={board}>
      <div class="board-head">
        <FilterBar filters={filters} roles={roles} />
        <span>{plural(store.total.value, "task")}</span>
        {mayWrite.value && (
          <button type="button" class="primary" onClick={() => setOpen({ kind: "add" })}>
            Add a task
          </button>
        )}
      </div>
      <BulkBar />
      <p class="hint">
        Arrows go from card to card, Enter opens one{mayWrite.value ? ", m is its menu, x selects it." : "."}
      </p>
      <div class="board" onKeyDown={onKeyDown}>
        {store.columns.map((column) => (
          <Column key={column.status} column={column} />
        ))}
      </div>
      <Opened open={open} board={board} roles={roles} setOpen={setOpen} />
      {shown !== "" && <Details key={shown} id={shown} onClose={() => setParams({ task: "" })} />}
    </Shared.Provider>
  );
}
