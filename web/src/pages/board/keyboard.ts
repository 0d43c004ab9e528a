// The board by keyboard: arrows go from card to card, m opens the menu, x selects.

import { mayWrite } from "../../session";
import type { BoardStore, Place } from "./board_store";

const inColumn: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/// The place that a key leads to, or nothing where there is none.
export function placeAfter(key: string, from: Place, counts: readonly number[]): Place | undefined {
  const move = inColumn[key];
  if (move !== undefined) {
    const count = counts[from.column] ?? 0;
    const index = move(from.index, count);
    return index >= 0 && index < count ? { column: from.column, index } : undefined;
  }
  const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return undefined;
  for (let column = from.column + step; column >= 0 && column < counts.length; column += step) {
    const count = counts[column]!;
    if (count > 0) return { column, index: Math.min(from.index, count - 1) };
  }
  return undefined;
}

function counts(store: BoardStore): number[] {
  return store.columns.map((column) => column.cards.value.length);
}

/// Whether the key was one of the board's.
export function handleKey(store: BoardStore, key: string, openMenu: (task: string) => void): boolean {
  const task = store.current.value;
  const place = store.placeOf(task);
  if (place === undefined) return false;
  if (key === "m" && mayWrite.value) openMenu(task);
  else if (key === "x" && mayWrite.value) store.toggle(task);
  else if (key === "Escape") store.clearSelection();
  else {
    const next = placeAfter(key, place, counts(store));
    const card = next && store.at(next);
    if (card === undefined) return key.startsWith("Arrow");
    store.goTo(card.id);
  }
  return true;
}
