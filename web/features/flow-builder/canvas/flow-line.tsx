import { BaseEdge, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import type { Place } from "../operations/exits.ts";
import { type Point, roundedPath } from "./edge-path.ts";
import { LinePlus } from "./editing/plus.tsx";

/** `place` and `plus`: what a step is put behind that is added on the line, and where the button for it is. */
export type LineEdge = Edge<{ points: Point[]; place?: Place; plus?: Point; note?: { text: string; at: Point } }, "line">;

/** React Flow also hands over where it measured the ends, which changes as cards come into sight. The layout knows better. */
const looksTheSame = (a: EdgeProps<LineEdge>, b: EdgeProps<LineEdge>) => a.data === b.data && a.markerEnd === b.markerEnd;

/** That something is noted on the line; all of it on hover. */
const LineNote = ({ text, at: { x, y } }: { text: string; at: Point }) => (
  <g className="line-note" transform={`translate(${x - 9} ${y - 9})`}>
    <title>{text}</title>
    <rect width="18" height="18" rx="3" />
    <path d="M 4.5 6 H 13.5 M 4.5 9 H 13.5 M 4.5 12 H 10" />
  </g>
);

/** A line along the corners that the layout gave it. */
export const FlowLine = memo(function FlowLine({ id, data, markerEnd }: EdgeProps<LineEdge>) {
  return (
    <>
      <BaseEdge id={id} path={roundedPath(data?.points ?? [])} markerEnd={markerEnd} />
      {data?.note && <LineNote {...data.note} />}
      {data?.place && data.plus && <LinePlus place={data.place} at={data.plus} />}
    </>
  );
}, looksTheSame);
