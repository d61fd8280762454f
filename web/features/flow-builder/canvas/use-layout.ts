import { useEffect, useMemo, useState } from "react";
import type { FlowGraph } from "#contract/flows.ts";
import { useLastShown } from "#ui/use-last-shown.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { layoutInWorker } from "./layout-in-worker.ts";
import { type DrawingPlan, planDrawing } from "./plan-drawing.ts";

/** Laying out as many boxes takes less time than asking a worker, and the picture is there with the page. */
const fewBoxes = 40;

interface LaidOut {
  plan: DrawingPlan;
  layout: Layout;
}

/**
 * The plan of a drawing with its layout. While a new layout is made the last picture stays. A change that moves nothing,
 * such as that of a text, needs no new layout.
 */
export function useLayout(graph: FlowGraph, isEditable: boolean, hidden?: ReadonlyMap<string, readonly string[]>): LaidOut | null {
  const plan = useMemo(() => planDrawing(graph, isEditable, hidden), [graph, isEditable, hidden]);
  const shape = useMemo(() => JSON.stringify(plan.input), [plan]);
  const isSmall = plan.input.boxes.length <= fewBoxes || typeof Worker === "undefined";
  const atOnce = useMemo(() => (isSmall ? layoutOf(JSON.parse(shape)) : null), [isSmall, shape]);
  const [later, setLater] = useState<{ shape: string; layout: Layout } | null>(null);
  useEffect(() => {
    if (!isSmall) return layoutInWorker(JSON.parse(shape), (layout) => setLater({ shape, layout }));
  }, [isSmall, shape]);
  const layout = atOnce ?? (later?.shape === shape ? later.layout : null);
  const laidOut = useMemo(() => layout && { plan, layout }, [plan, layout]);
  return useLastShown(laidOut).shown;
}
