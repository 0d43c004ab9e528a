// What the parts of the board share.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Schemas, TaskStatus } from "../../api";
import type { BoardStore } from "./board_store";
import type { Facts } from "./why";

export interface BoardContext {
  store: BoardStore;
  facts: Facts;
  /// The legal moves; null until they are loaded.
  moves: readonly Schemas["TaskMove"][] | null;
  openMenu(task: string, anchor: Element): void;
  openDetails(task: string): void;
  /// Moves what is to be moved, and asks for a reason first where one is needed.
  move(tasks: readonly string[], to: TaskStatus): void;
}

export const Shared = createContext<BoardContext | null>(null);

export function useBoard(): BoardContext {
  return useContext(Shared)!;
}
