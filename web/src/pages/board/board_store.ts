// The board: its columns, what is selected and where the focus is, and what actions do to them.

import { computed, signal } from "@preact/signals";
import { post, Refusal, remove, type Schemas, type TaskCard, type TaskStatus } from "../../api";
import { listen, type ServiceEvent } from "../../events";
import { attempt, tellDone, tellProblem } from "../../notices";
import { pauseBefore } from "../../resource";
import { plural } from "../../text";
import { ColumnStore } from "./column_store";
import { carryOut, columns, type MoveOrder, orderFor, titleOf } from "./columns";
import type { Filters } from "./filters";
import { undoOfLast } from "./undo";

/// The first change is shown soon, a stream of them once a second.
const soonMilliseconds = 200;
const restMilliseconds = 1_000;
const silentMilliseconds = 30_000;
/// In one request.
const most = 200;

export interface Place {
  column: number;
  index: number;
}

export class BoardStore {
  readonly columns: readonly ColumnStore[];
  readonly selected = signal<ReadonlySet<string>>(new Set());
  /// The card that the keyboard is at, and whether it is to be focused when it is drawn.
  readonly current = signal<string>("");
  readonly wantsFocus = signal(false);
  readonly total = computed(() => this.columns.reduce((sum, column) => sum + column.total.value, 0));
  private stale = new Set<ColumnStore>();
  private last = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(filters: Filters) {
    this.columns = columns.map((column) => new ColumnStore(column.status, filters));
  }

  start(): () => void {
    const stop = listen({
      onFresh: () => this.reloadAll(),
      onEvent: (event) => this.follow(event),
    });
    this.reloadAll();
    // Of a renewed lease and of a gate that opens by time no event tells.
    const silent = setInterval(() => this.reloadSoon([this.column("in_flight"), this.column("ready")]), silentMilliseconds);
    return () => {
      clearTimeout(this.timer);
      clearInterval(silent);
      stop();
    };
  }

  show(filters: Filters): void {
    for (const column of this.columns) column.show(filters);
  }

  reloadAll(): void {
    for (const column of this.columns) void column.reload();
  }

  column(status: TaskStatus): ColumnStore {
    return this.columns.find((column) => column.status === status)!;
  }

  card(task: string): TaskCard | undefined {
    const place = this.placeOf(task);
    return place && this.at(place);
  }

  at(place: Place): TaskCard | undefined {
    return this.columns[place.column]?.cards.value[place.index];
  }

  placeOf(task: string): Place | undefined {
    for (const [column, store] of this.columns.entries()) {
      const index = store.cards.value.findIndex((card) => card.id === task);
      if (index >= 0) return { column, index };
    }
    return undefined;
  }

  goTo(task: string): void {
    this.current.value = task;
    this.wantsFocus.value = true;
  }

  toggle(task: string): void {
    const changed = new Set(this.selected.value);
    if (!changed.delete(task)) changed.add(task);
    this.selected.value = changed;
  }

  clearSelection(): void {
    this.selected.value = new Set();
  }

  /// Shows the card where it is to go, and back where it was when the service refuses.
  async move(task: string, to: TaskStatus, reason = ""): Promise<boolean> {
    const place = this.placeOf(task);
    const card = place && this.at(place);
    if (place === undefined || card === undefined || card.status === to) return false;
    const from = this.columns[place.column]!;
    const target = this.column(to);
    from.takeOut(task);
    target.put({ ...card, status: to }, 0);
    try {
      await carryOut(task, orderFor(card.status, to, reason));
      return true;
    } catch (problem) {
      target.takeOut(task);
      from.put(card, place.index);
      tellProblem(withLegalMoves(problem, card, to));
      return false;
    } finally {
      this.reloadSoon([from, target]);
    }
  }

  async drop(task: string, reason: string): Promise<void> {
    await this.takeAway(task, () => post("/tasks/{task}/drop", { path: { task }, body: { reason } }), "Dropped.");
  }

  async remove(task: string): Promise<void> {
    await this.takeAway(task, () => remove("/tasks/{task}", { path: { task } }), "Removed.");
  }

  /// What is easily done by mistake says how it is taken back.
  private async takeAway(task: string, action: () => Promise<unknown>, done: string): Promise<void> {
    await attempt(async () => {
      await action();
      tellDone(done, await undoOfLast(task));
    });
    this.reloadSoon(this.columns);
  }

  /// The same to all that are selected, each for itself.
  async actOnSelected(action: Omit<Schemas["TaskAction"], "tasks">): Promise<void> {
    const tasks = [...this.selected.value];
    await attempt(async () => {
      for (let first = 0; first < tasks.length; first += most) await this.actOn(tasks.slice(first, first + most), action);
    });
    this.reloadSoon(this.columns);
  }

  moveSelected(to: TaskStatus, reason = ""): Promise<void> {
    const orders = new Map<string, { order: MoveOrder; tasks: string[] }>();
    for (const task of this.selected.value) {
      const order = orderFor(this.card(task)?.status ?? "inbox", to, reason);
      const known = orders.get(order.action) ?? { order, tasks: [] };
      known.tasks.push(task);
      orders.set(order.action, known);
    }
    return this.carryOutAll([...orders.values()]);
  }

  reloadSoon(stores: Iterable<ColumnStore>): void {
    for (const store of stores) this.stale.add(store);
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.last = Date.now();
      for (const store of this.stale) void store.reload();
      this.stale.clear();
    }, pauseBefore(Date.now() - this.last, soonMilliseconds, restMilliseconds));
  }

  private async carryOutAll(orders: { order: MoveOrder; tasks: string[] }[]): Promise<void> {
    await attempt(async () => {
      for (const { order, tasks } of orders) await this.actOn(tasks, order);
    });
    this.reloadSoon(this.columns);
  }

  /// What was done is selected no more; what was refused stays, with the first reason.
  private async actOn(tasks: string[], action: Omit<Schemas["TaskAction"], "tasks">): Promise<void> {
    const answer = await post("/task-actions", { body: { ...action, tasks } });
    const refused = answer.results.filter((result) => result.problem !== undefined);
    const rest = new Set(this.selected.value);
    for (const result of answer.results) if (result.problem === undefined) rest.delete(result.task);
    this.selected.value = rest;
    const done = tasks.length - refused.length;
    if (done > 0) tellDone(`${plural(done, "task")} changed`);
    const first = refused[0]?.problem;
    if (first === undefined) return;
    tellProblem(new Refusal(first.status, `${plural(refused.length, "task")} not changed: ${first.detail}`, first.kind,
      first.hint ?? ""));
  }

  /// Which columns an event is about; all of them where it does not say.
  private follow(event: ServiceEvent): void {
    if (!event.event.startsWith("work:")) return;
    // Others may have waited for it.
    if ([event.to, event.status].includes("done") || event.event === "work:removed") return this.reloadSoon(this.columns);
    const named = [event.from, event.to, event.status, event.event === "work:assigned" ? "in_flight" : undefined];
    const holding = this.columns.filter(
      (column) => named.includes(column.status) || (event.task !== undefined && column.has(event.task)),
    );
    this.reloadSoon(holding.length > 0 ? holding : this.columns);
  }
}

function withLegalMoves(problem: unknown, card: TaskCard, to: TaskStatus): unknown {
  if (!(problem instanceof Refusal) || problem.legal.length === 0) return problem;
  const legal = problem.legal.map(titleOf).join(", ");
  const message = `“${card.title}” cannot go from ${titleOf(card.status)} to ${titleOf(to)}`;
  return new Refusal(problem.status, message, problem.kind, `from there it can go to: ${legal}`, problem.legal);
}
