import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect, useRef } from "react";
import { clearView } from "./clear-view.ts";
import type { Drawing } from "./to-drawing.ts";

/** Once a branch was folded or unfolded and the drawing has followed, no card is left under the buttons that float over it. */
export function useClearView(
  frame: RefObject<HTMLElement | null>,
  folded: ReadonlyMap<string, unknown> | undefined,
  drawing: Drawing | null,
): void {
  const flow = useReactFlow();
  const hidden = folded ? [...folded.keys()].join("\n") : "";
  const seen = useRef({ hidden, drawing });
  const isDue = useRef(false);
  useEffect(() => {
    const before = seen.current;
    seen.current = { hidden, drawing };
    // The drawing is laid out elsewhere and comes later than what was folded.
    if (before.hidden !== hidden) isDue.current = before.drawing !== null;
    if (!isDue.current || !drawing || before.drawing === drawing) return;
    isDue.current = false;
    const size = frame.current?.getBoundingClientRect();
    if (!size || size.width === 0) return;
    const view = flow.getViewport();
    const next = clearView(view, drawing.nodes, size);
    if (next.x === view.x && next.y === view.y) return;
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150;
    void flow.setViewport(next, { duration });
  }, [frame, flow, hidden, drawing]);
}
