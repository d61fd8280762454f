import type { DragEvent } from "react";
import type { Movable } from "./use-move-flow.ts";

/** What other pages and programs drag is of other kinds, so it is never taken for a flow. */
const kind = "application/x-sluice-flow";

export function takeFlow({ dataTransfer }: DragEvent, { id, name, folderId }: Movable): void {
  dataTransfer.effectAllowed = "move";
  dataTransfer.setData(kind, JSON.stringify({ id, name, folderId }));
}

/** While it is dragged a browser tells only of which kind it is. */
export const isFlowDragged = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes(kind);

export function droppedFlow({ dataTransfer }: DragEvent): Movable | undefined {
  const text = dataTransfer.getData(kind);
  return text === "" ? undefined : (JSON.parse(text) as Movable);
}
