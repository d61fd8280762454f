import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect } from "react";
import type { DraftStore } from "../../draft/draft-store.ts";
import type { Drawing } from "../to-drawing.ts";

const margin = 24;

/** Brings the card of the step that has the focus into sight, where it is not. */
export function useFollow(store: DraftStore | undefined, frame: RefObject<HTMLElement | null>, drawing: Drawing | null): void {
  const flow = useReactFlow();
  useEffect(() => {
    const follow = (active: string | null) => {
      const card = drawing?.nodes.find(({ id, type }) => id === active && type === "card");
      const size = frame.current?.getBoundingClientRect();
      if (!card || !size || size.width === 0) return;
      const view = flow.getViewport();
      const { x, y } = card.position;
      const [width, height] = [card.width ?? 0, card.height ?? 0];
      const by = {
        x: away(x * view.zoom + view.x, width * view.zoom, size.width),
        y: away(y * view.zoom + view.y, height * view.zoom, size.height),
      };
      if (by.x === 0 && by.y === 0) return;
      const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150;
      void flow.setViewport({ ...view, x: view.x + by.x, y: view.y + by.y }, { duration });
    };
    return store?.subscribe(({ active }, before) => active !== before.active && follow(active));
  }, [store, frame, drawing, flow]);
}

/** How far something must move to be in sight; it then stands in the middle. */
const away = (start: number, length: number, room: number): number =>
  start >= margin && start + length <= room - margin ? 0 : (room - length) / 2 - start;
