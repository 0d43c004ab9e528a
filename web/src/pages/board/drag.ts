// Dragging cards to columns. What is dragged is one card, or all that are selected with it.

import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import type { TaskStatus } from "../../api";

export function makeDraggable(element: HTMLElement, task: string, onChange: (isDragged: boolean) => void): () => void {
  return draggable({
    element,
    getInitialData: () => ({ task }),
    onDragStart: () => onChange(true),
    onDrop: () => onChange(false),
  });
}

interface DropTarget {
  status: TaskStatus;
  onOver: (isOver: boolean) => void;
  onDrop: (task: string) => void;
}

export function makeDropTarget(element: HTMLElement, target: DropTarget): () => void {
  return dropTargetForElements({
    element,
    getData: () => ({ status: target.status }),
    canDrop: ({ source }) => typeof source.data.task === "string",
    onDragEnter: () => target.onOver(true),
    onDragLeave: () => target.onOver(false),
    onDrop: ({ source }) => {
      target.onOver(false);
      target.onDrop(source.data.task as string);
    },
  });
}
