import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import type { Drawing } from "./to-drawing.ts";

/** As near that what stands on a card can be read. */
const nearest = 0.75;

/** Brings the card of a step into the middle, whenever another one is named. */
export function useLookAt(nodeId: string | undefined, drawing: Drawing | null): void {
  const flow = useReactFlow();
  const isDrawn = drawing !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a drawing that changes moves nothing, only another step that is named
  useEffect(() => {
    const card = drawing?.nodes.find(({ id, type }) => id === nodeId && type === "card");
    if (!card) return;
    const { x, y } = card.position;
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150;
    void flow.setCenter(x + (card.width ?? 0) / 2, y + (card.height ?? 0) / 2, { zoom: Math.max(nearest, flow.getZoom()), duration });
  }, [nodeId, isDrawn, flow]);
}
