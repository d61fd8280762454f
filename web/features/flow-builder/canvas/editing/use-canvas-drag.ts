import { useReactFlow } from "@xyflow/react";
import { type PointerEvent as PressEvent, type RefObject, useMemo, useRef } from "react";
import type { Point } from "../edge-path.ts";
import type { Drawing } from "../to-drawing.ts";
import { type Dragged, type DragState, type DragStore, endDrag } from "./drag-store.ts";
import type { Editing } from "./editing-context.ts";

/** A press becomes a drag when the pointer has moved so far, and takes hold of a place so near; pixels. */
const reach = { begin: 5, place: 56, edge: 36 } as const;
const panStep = 14;

interface DragUse {
  drag: DragStore;
  frame: RefObject<HTMLElement | null>;
  drawing: Drawing | null;
  legalFor: (dragged: Dragged) => ReadonlySet<string>;
  onDrop: (state: DragState) => void;
}

/** Follows the pointer from a press to where it is let go. Escape puts back what was taken. */
export function useCanvasDrag(use: DragUse): Editing["press"] {
  const flow = useReactFlow();
  const now = useRef(use);
  now.current = use;
  return useMemo(() => {
    let stop: (() => void) | undefined;

    const targetAt = ({ x, y }: Point): string | null => {
      const { drag, drawing } = now.current;
      const { dragged, legal } = drag.getState();
      if (!drawing || !dragged) return null;
      const at = flow.screenToFlowPosition({ x, y });
      if (dragged.kind === "exit") {
        const card = drawing.nodes.find((node) => node.type === "card" && legal.has(node.id) && isInside(at, node));
        return card?.id ?? null;
      }
      const far = reach.place / flow.getZoom();
      let nearest: { key: string; distance: number } | null = null;
      for (const [key, spot] of drawing.spots) {
        const distance = Math.hypot(spot.x - at.x, spot.y - at.y);
        if (legal.has(key) && distance < (nearest?.distance ?? far)) nearest = { key, distance };
      }
      return nearest?.key ?? null;
    };

    const press: Editing["press"] = (event, what) => {
      if (event.button !== 0 || stop) return;
      const from = { x: event.clientX, y: event.clientY };
      let frame = 0;
      const { drag } = now.current;
      const move = (next: PointerEvent) => {
        const at = { x: next.clientX, y: next.clientY };
        if (drag.getState().dragged === null) {
          if (Math.hypot(at.x - from.x, at.y - from.y) < reach.begin) return;
          const dragged = what();
          if (!dragged) return end();
          drag.setState({ dragged, legal: now.current.legalFor(dragged), from, at, over: null });
          frame = requestAnimationFrame(panAtEdge);
        }
        drag.setState({ at, over: targetAt(at) });
      };
      /** Near the border of the drawing the view goes on, so that what is out of sight can be reached. */
      const panAtEdge = () => {
        frame = requestAnimationFrame(panAtEdge);
        const box = now.current.frame.current?.getBoundingClientRect();
        const { at, dragged } = drag.getState();
        if (!box || dragged?.kind === "frame") return;
        const by = { x: push(at.x, box.left, box.right), y: push(at.y, box.top, box.bottom) };
        if (by.x === 0 && by.y === 0) return;
        const view = flow.getViewport();
        void flow.setViewport({ ...view, x: view.x + by.x, y: view.y + by.y });
        drag.setState({ over: targetAt(at) });
      };
      const up = () => {
        const state = drag.getState();
        end();
        if (state.dragged === null) return;
        swallowClick();
        now.current.onDrop(state);
      };
      const key = (pressed: KeyboardEvent) => {
        if (pressed.key !== "Escape" || drag.getState().dragged === null) return;
        pressed.preventDefault();
        pressed.stopPropagation();
        swallowClick();
        end();
      };
      const end = () => {
        cancelAnimationFrame(frame);
        stop?.();
        stop = undefined;
        endDrag(drag);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", up);
      window.addEventListener("pointercancel", end);
      window.addEventListener("keydown", key, true);
      stop = () => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", up);
        window.removeEventListener("pointercancel", end);
        window.removeEventListener("keydown", key, true);
      };
    };
    return (event: PressEvent, what: () => Dragged | null) => press(event, what);
  }, [flow]);
}

/** The click that follows a drag is no click. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, true));
}

const push = (at: number, start: number, end: number): number => {
  if (at < start || at > end) return 0;
  if (at < start + reach.edge) return panStep;
  return at > end - reach.edge ? -panStep : 0;
};

const isInside = ({ x, y }: Point, { position, width = 0, height = 0 }: Drawing["nodes"][number]): boolean =>
  x >= position.x && x <= position.x + width && y >= position.y && y <= position.y + height;
