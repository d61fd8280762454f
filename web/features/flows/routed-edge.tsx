import { BaseEdge, type Edge, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { type EdgeRoute, roundedPath } from "./route-edges.ts";

/** `route` is set for a computed layout. Between an author's own positions the edge is a plain curve. */
export type CardEdge = Edge<{ route: EdgeRoute | undefined }, "routed">;

export function RoutedEdge({ data, label, markerEnd, labelBgPadding, labelBgBorderRadius, ...ends }: EdgeProps<CardEdge>) {
  const route = data?.route;
  const [plain, plainX, plainY] = getSmoothStepPath({ ...ends, borderRadius: 6 });
  return (
    <BaseEdge
      id={ends.id}
      path={route ? roundedPath(route.points) : plain}
      label={label}
      labelX={route?.label.x ?? plainX}
      labelY={route?.label.y ?? plainY}
      labelBgPadding={labelBgPadding}
      labelBgBorderRadius={labelBgBorderRadius}
      markerEnd={markerEnd}
    />
  );
}
