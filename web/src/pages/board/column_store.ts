// The cards of one column as far as they were loaded, in the order in which tasks are claimed.

import { signal } from "@preact/signals";
import { get, getUnlessKnown, type Refusal, type TaskCard, type TaskStatus } from "../../api";
import { type Filters, queryOf } from "./filters";

const firstPage = 30;
const largestPage = 200;

interface Page {
  cards: TaskCard[];
  total: number;
  cursor: string | null;
}

export class ColumnStore {
  readonly cards = signal<readonly TaskCard[]>([]);
  readonly total = signal(0);
  readonly problem = signal<Refusal | null>(null);
  readonly isLoaded = signal(false);
  private cursor: string | null = null;
  private tag = "";
  private isLoading = false;
  private isStale = false;
  private generation = 0;

  constructor(
    readonly status: TaskStatus,
    private filters: Filters,
  ) {}

  /// With other conditions everything begins anew.
  show(filters: Filters): void {
    this.filters = filters;
    this.generation += 1;
    this.cards.value = [];
    this.tag = "";
    void this.reload();
  }

  /// As many cards as there were, as they are now.
  async reload(): Promise<void> {
    this.isStale = true;
    if (this.isLoading) return;
    this.isLoading = true;
    while (this.isStale) {
      this.isStale = false;
      await this.guarded(() => this.loadAgain());
    }
    this.isLoading = false;
  }

  async more(): Promise<void> {
    if (this.isLoading || this.cursor === null) return;
    this.isLoading = true;
    await this.guarded(async () => {
      const asked = this.generation;
      const page = await this.page(largestPage, this.cursor);
      if (asked !== this.generation) return;
      this.take({ ...page, cards: [...this.cards.value, ...page.cards] });
      this.tag = "";
    });
    this.isLoading = false;
    if (this.isStale) void this.reload();
  }

  has(task: string): boolean {
    return this.cards.value.some((card) => card.id === task);
  }

  /// Before the service has said so; what it says replaces it.
  put(card: TaskCard, index: number): void {
    const rest = this.cards.value.filter((other) => other.id !== card.id);
    this.cards.value = [...rest.slice(0, index), card, ...rest.slice(index)];
    this.total.value += 1;
    this.tag = "";
  }

  takeOut(task: string): void {
    if (!this.has(task)) return;
    this.cards.value = this.cards.value.filter((card) => card.id !== task);
    this.total.value -= 1;
    this.tag = "";
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem.value = null;
    } catch (problem) {
      this.problem.value = problem as Refusal;
    }
  }

  private async loadAgain(): Promise<void> {
    const asked = this.generation;
    const wanted = Math.max(firstPage, this.cards.value.length);
    if (wanted <= largestPage) return this.loadOnePage(wanted, asked);
    let whole: Page = { cards: [], total: 0, cursor: null };
    do {
      const page = await this.page(Math.min(largestPage, wanted - whole.cards.length), whole.cursor);
      whole = { ...page, cards: [...whole.cards, ...page.cards] };
    } while (whole.cursor !== null && whole.cards.length < wanted);
    if (asked === this.generation) this.take(whole);
  }

  /// The usual case, in which nothing is sent when nothing has changed.
  private async loadOnePage(limit: number, asked: number): Promise<void> {
    const answer = await getUnlessKnown("/tasks", { query: this.query(limit, null) }, this.tag);
    if (answer === null || asked !== this.generation) return;
    this.tag = answer.tag;
    this.take(pageOf(answer.value));
  }

  private query(limit: number, cursor: string | null) {
    const place = cursor === null ? {} : { cursor };
    return { ...queryOf(this.filters), status: [this.status], view: "card" as const, limit, ...place };
  }

  private async page(limit: number, cursor: string | null): Promise<Page> {
    return pageOf(await get("/tasks", { query: this.query(limit, cursor) }));
  }

  private take(page: Page): void {
    this.cards.value = page.cards;
    this.total.value = page.total;
    this.cursor = page.cursor;
    this.isLoaded.value = true;
  }
}

/// `view=card` was asked for, so cards are what came.
function pageOf(answer: { tasks: unknown[]; total: number; next_cursor: string | null }): Page {
  return { cards: answer.tasks as TaskCard[], total: answer.total, cursor: answer.next_cursor };
}
