import { BaseEdge, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import type { Place } from "../operations/exits.ts";
import { type Point, roundedPath } from "./edge-path.ts";
import { LinePlus } from "./editing/plus.tsx";

/** `place` and `plus`: what a step is put behind that is added on the line, and where the button for it is. */
export type LineEdge = Edge<{ points: Point[]; place?: Place; plus?: Point }, "line">;

/** React Flow also hands over where it measured the ends, which changes as cards come into sight. The layout knows better. */
const looksTheSame = (a: EdgeProps<LineEdge>, b: EdgeProps<LineEdge>) => a.data === b.data && a.markerEnd === b.markerEnd;

/** A line along the corners that the layout gave it. */
export const FlowLine = memo(function FlowLine({ id, data, markerEnd }: EdgeProps<LineEdge>) {
  return (
    <>
      <BaseEdge id={id} path={roundedPath(data?.points ?? [])} markerEnd={markerEnd} />
      {data?.place && data.plus && <LinePlus place={data.place} at={data.plus} />}
    </>
  );
}, looksTheSame);
