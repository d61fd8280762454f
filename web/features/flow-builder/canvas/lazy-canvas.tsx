import { Skeleton } from "@chakra-ui/react";
import { lazy, Suspense } from "react";
import type { FlowCanvasProps } from "./canvas.tsx";

// React Flow is as large as the rest of the page, so it is loaded only when a drawing is shown.
const FlowCanvas = lazy(() => import("./canvas.tsx").then((module) => ({ default: module.FlowCanvas })));

export function LazyCanvas(props: FlowCanvasProps) {
  return (
    <Suspense fallback={<Skeleton height="full" minH="48" borderRadius="0" />}>
      <FlowCanvas {...props} />
    </Suspense>
  );
}
