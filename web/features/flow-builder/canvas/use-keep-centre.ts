import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect } from "react";

/** What stands in the middle stays there when the drawing gets more or less room, because a panel was opened beside it. */
export function useKeepCentre(frame: RefObject<HTMLElement | null>, isDrawn: boolean): void {
  const flow = useReactFlow();
  useEffect(() => {
    const element = frame.current;
    if (!element || !isDrawn) return;
    let before = element.clientWidth;
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      // It is not shown at all, as on a phone.
      if (width === 0) return;
      const view = flow.getViewport();
      if (before > 0 && width !== before) void flow.setViewport({ ...view, x: view.x + (width - before) / 2 });
      before = width;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, flow, isDrawn]);
}
