import { Skeleton } from "@chakra-ui/react";
import { lazy, Suspense } from "react";
import type { FlowDrawingProps } from "./flow-drawing.tsx";

// React Flow is as large as the rest of the page, so it is loaded only when a drawing is shown.
const FlowDrawing = lazy(() => import("./flow-drawing.tsx").then((module) => ({ default: module.FlowDrawing })));

export function LazyDrawing(props: FlowDrawingProps) {
  return (
    <Suspense fallback={<Skeleton height="full" minH="48" borderRadius="0" />}>
      <FlowDrawing {...props} />
    </Suspense>
  );
}
