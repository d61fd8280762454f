import { useReactFlow } from "@xyflow/react";
import { type MouseEvent, type PointerEvent, type RefObject, useMemo, useState } from "react";
import type { BuilderActions } from "../../actions.ts";
import type { DraftStore } from "../../draft/draft-store.ts";
import type { Drawing } from "../to-drawing.ts";
import { AddShelf } from "./add-shelf.tsx";
import { DragLayer } from "./drag-layer.tsx";
import { createDragStore, type DragState } from "./drag-store.ts";
import type { Editing } from "./editing-context.ts";
import { legalTargets } from "./legal-targets.ts";
import { useCanvasDrag } from "./use-canvas-drag.ts";
import { useFollow } from "./use-follow.ts";

export interface CanvasEditor {
  store: DraftStore;
  actions: BuilderActions;
  /** Where the keys of the drawing are pressed. */
  keysFrom: RefObject<HTMLElement | null>;
}

/** What makes a drawing one that can be changed. Undefined without an editor. */
export function useCanvasEditing(editor: CanvasEditor | undefined, frame: RefObject<HTMLElement | null>, drawing: Drawing | null) {
  const [drag] = useState(createDragStore);
  const flow = useReactFlow();
  const press = useCanvasDrag({
    drag,
    frame,
    drawing,
    legalFor: (dragged) => (editor ? legalTargets(editor.store.getState().content, dragged) : new Set()),
    onDrop: (state) => editor && drop(editor, state, () => cardsWithin(drawing, state, flow.screenToFlowPosition)),
  });
  useFollow(editor?.store, frame, drawing);
  const { store, actions } = editor ?? {};
  const context = useMemo<Editing | undefined>(
    () => (store && actions ? { store, actions, drag, press } : undefined),
    [store, actions, drag, press],
  );
  if (!context) return undefined;
  const isOnGround = ({ target }: { target: EventTarget }) => target instanceof Element && target.matches(".react-flow__pane");
  const handlers = {
    // React Flow would pan.
    onMouseDownCapture: (event: MouseEvent) => event.shiftKey && isOnGround(event) && event.stopPropagation(),
    onPointerDownCapture: (event: PointerEvent) => {
      if (event.shiftKey && isOnGround(event)) press(event, () => ({ kind: "frame" }));
    },
  };
  return { context, handlers };
}

/** What stands over the drawing. */
export const EditingLayer = () => (
  <>
    <AddShelf />
    <DragLayer />
  </>
);

function drop({ store, actions }: CanvasEditor, { dragged, over }: DragState, framed: () => string[]): void {
  if (dragged?.kind === "frame") {
    const { content, mark } = store.getState();
    const ids = framed().filter((id) => content.nodes.some((node) => node.id === id && node.type !== "start"));
    mark(ids);
    return;
  }
  if (!dragged || over === null) return;
  if (dragged.kind === "exit") {
    actions.connect(dragged.place, over);
    return;
  }
  const [source = "", exit = ""] = over.split("\n");
  const places = [{ source, exit }];
  if (dragged.kind === "type") actions.addType(dragged.type, places);
  else if (dragged.isCopy) actions.copyTo(dragged.ids, places);
  else actions.moveTo(dragged.ids, places);
}

/** The cards that the frame touches. */
function cardsWithin(
  drawing: Drawing | null,
  { from, at }: DragState,
  toFlow: (point: { x: number; y: number }) => { x: number; y: number },
) {
  const [a, b] = [toFlow(from), toFlow(at)];
  const box = { left: Math.min(a.x, b.x), right: Math.max(a.x, b.x), top: Math.min(a.y, b.y), bottom: Math.max(a.y, b.y) };
  return (drawing?.nodes ?? []).flatMap(({ id, type, position: { x, y }, width = 0, height = 0 }) =>
    type === "card" && x < box.right && x + width > box.left && y < box.bottom && y + height > box.top ? [id] : [],
  );
}
