import { type Edge, MarkerType, type NodeHandle, Position } from "@xyflow/react";
import type { FlowProblem } from "#contract/flows.ts";
import type { NodeDescription } from "#nodes/describe-node.tsx";
import { isSame } from "../draft/content.ts";
import { lineNote } from "../operations/line-note.ts";
import type { CardNode } from "./card.tsx";
import type { Point } from "./edge-path.ts";
import { keyOf } from "./editing/drag-store.ts";
import type { ExecutionPath } from "./execution-path.ts";
import type { HeadNode } from "./exit-head.tsx";
import { type Head, handleOf } from "./exit-heads.ts";
import type { LineEdge } from "./flow-line.tsx";
import type { Layout } from "./layout.ts";
import type { LaneNode } from "./loose-lane.tsx";
import { cardSize, type DrawingPlan, stemOf } from "./plan-drawing.ts";
import { markWords, type StepMark } from "./step-mark.tsx";

export type CanvasNode = CardNode | HeadNode | LaneNode;

export interface Drawing {
  nodes: CanvasNode[];
  edges: LineEdge[];
  /** Where a step can be put, by the step and the exit that lead there. */
  spots: Map<string, Point>;
  /** The step that matters when not all of the drawing can be shown: where the execution is, or else where the flow begins. */
  focusId: string | null;
}

/** Turns a plan with its layout into what React Flow draws. */
export const toDrawing = (
  plan: DrawingPlan,
  layout: Layout,
  problems: readonly FlowProblem[],
  path: ExecutionPath | undefined,
  marks?: ReadonlyMap<string, StepMark>,
): Drawing => {
  const way = wayOf(plan, path);
  // Where it can be changed, the outline is what is read and walked through, and the drawing is its picture.
  const hidden = plan.isEditable ? { domAttributes: { "aria-hidden": true as const } } : {};
  const spots = new Map<string, Point>();
  const place = (id: string, size: { width: number; height: number }) => placed(layout.centres.get(id) ?? { x: 0, y: 0 }, size);
  const cards = [...plan.looks].map(([id, look]): CardNode => {
    const visit = path?.nodes.get(id);
    const mine = problems.filter((problem) => problem.nodeId === id);
    const heads = plan.heads.filter((head) => head.stepId === id);
    const mark = marks?.get(id);
    return {
      id,
      type: "card",
      ...place(id, cardSize),
      className: path ? (visit ? `visited ${visit.status}` : "unvisited") : "",
      ...hidden,
      ariaLabel: [mark && markWords[mark], spoken(look, plan.off.has(id), plan.notes.get(id), heads, visit, mine)]
        .filter(Boolean)
        .join(". "),
      data: {
        look,
        isOff: plan.off.has(id),
        note: plan.notes.get(id),
        visit,
        problems: mine,
        arrivals: plan.arrivals.get(id) ?? 0,
        saysItBelow: heads.some((head) => head.jumpsTo !== undefined),
        folds: foldState(heads),
        mark: marks && (mark ?? "same"),
      },
    };
  });
  const heads = plan.heads.map((head): HeadNode => {
    const size = { width: head.width, height: head.height };
    // The card and the lines say it too, so that a head is nothing to stop at.
    return {
      id: head.id,
      type: "head",
      ...place(head.id, size),
      focusable: false,
      domAttributes: { "aria-hidden": true },
      className: way ? (way.has(head.id) ? "visited" : "unvisited") : "",
      data: { head, problems: countErrors(problems, head.hides) },
    };
  });
  const lookOf = (id: string): Look => (way ? (way.has(id) ? "travelled" : "untravelled") : "plain");
  const lines = plan.edges.map((edge) => {
    const points = layout.lines.get(edge.id) ?? [];
    const place = { source: edge.source, exit: handleOf(edge, plan.looks.get(edge.source) as NodeDescription) };
    const plus = plan.isEditable ? besideStart(points) : undefined;
    if (plus) spots.set(keyOf(place), plus);
    const label = plan.heads.find((head) => head.id === plan.leaves.get(edge.id))?.label;
    const [from, to] = [plan.looks.get(edge.source)?.label, plan.looks.get(edge.target)?.label];
    const text = lineNote(edge);
    const at = text === undefined ? undefined : besideStart(points);
    const note = text !== undefined && at && { text, at: { x: at.x + noteBeside, y: at.y } };
    const data = { points, ...(plus && { place, plus }), ...(note && { note }) };
    return lineOf(edge.id, plan.leaves.get(edge.id) as string, edge.target, data, lookOf(edge.id), {
      ...hidden,
      ariaLabel: [label ? `${label}: from ${from} to ${to}` : `From ${from} to ${to}`, text && `Note: ${text}`].filter(Boolean).join(". "),
    });
  });
  const stems = plan.heads.map((head) => {
    const id = stemOf(head.id);
    return lineOf(id, head.stepId, head.id, { points: layout.lines.get(id) ?? [] }, lookOf(head.id), {
      domAttributes: { "aria-hidden": true },
    });
  });
  for (const { id, ends, height } of plan.isEditable ? plan.heads : []) {
    const centre = layout.centres.get(id);
    if (ends && centre) spots.set(id, { x: centre.x, y: centre.y + height / 2 - 10 });
  }
  return {
    spots,
    nodes: [...(layout.lane ? [laneNode(layout.lane)] : []), ...cards, ...heads],
    edges: [...stems, ...lines],
    focusId: lastVisited(path) ?? cards[0]?.id ?? null,
  };
};

/** Of a step of which a branch can be folded: whether all of them are. */
function foldState(heads: readonly Head[]): "open" | "folded" | undefined {
  const branches = heads.filter(({ folds }) => folds);
  if (branches.length === 0) return undefined;
  return branches.every(({ hides }) => hides.length > 0) ? "folded" : "open";
}

const countErrors = (problems: readonly FlowProblem[], ids: readonly string[]): number =>
  ids.length === 0 ? 0 : problems.filter(({ severity, nodeId }) => severity === "error" && ids.includes(nodeId ?? "")).length;

/** How far the sign of a note stands beside its line, so that the button on the line stays free. */
const noteBeside = 24;

type Look = "plain" | "travelled" | "untravelled";
const arrows = { plain: "border-control", travelled: "accent-solid", untravelled: "border-emphasized" } as const;

const lineOf = (
  id: string,
  source: string,
  target: string,
  data: NonNullable<LineEdge["data"]>,
  look: Look,
  more: Partial<Edge>,
): LineEdge => {
  const first = data.points[0];
  const last = data.points.at(-1);
  const isStem = more.ariaLabel === undefined;
  return {
    id,
    source,
    target,
    type: "line",
    data,
    className: first && last && last.y <= first.y ? `${look} backward` : look,
    // Lines of the path lie above the lines that cross them.
    zIndex: look === "travelled" ? 1 : 0,
    ...(!isStem && { markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: `var(--chakra-colors-${arrows[look]})` } }),
    ...more,
  } as LineEdge;
};

/** A point on the line, near where it leaves. */
const besideStart = ([from, to]: readonly Point[]): Point | undefined => {
  if (!from || !to) return undefined;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(18, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
};

/** Parts that look as they did stay the same objects, so that they are not drawn again. */
export function keepUnchanged(before: Drawing | null, after: Drawing): Drawing {
  if (!before) return after;
  return { ...after, nodes: keepSame(before.nodes, after.nodes), edges: keepSame(before.edges, after.edges) };
}

function keepSame<Item extends { id: string }>(before: readonly Item[], after: readonly Item[]): Item[] {
  const known = new Map(before.map((item) => [item.id, item]));
  return after.map((item) => {
    const same = known.get(item.id);
    return same && isSame(same, item) ? same : item;
  });
}

/** The edges and heads along which an execution went. */
const wayOf = (plan: DrawingPlan, path: ExecutionPath | undefined): Set<string> | undefined =>
  path && new Set(plan.edges.filter(({ id }) => path.edges.has(id)).flatMap(({ id }) => [id, plan.leaves.get(id) as string]));

/** React Flow is told where lines end, so it draws those that lead to cards out of sight, which are not mounted. */
const placed = (centre: Point, { width, height }: { width: number; height: number }) => ({
  position: { x: centre.x - width / 2, y: centre.y - height / 2 },
  width,
  height,
  handles: [handle("target", Position.Top, width / 2, 0), handle("source", Position.Bottom, width / 2, height)],
});

const handle = (type: "source" | "target", position: Position, x: number, y: number): NodeHandle => ({
  type,
  position,
  x,
  y,
  width: 1,
  height: 1,
});

const laneNode = ({ x, y, width, height }: NonNullable<Layout["lane"]>): LaneNode => ({
  id: "\nlane",
  type: "lane",
  position: { x, y },
  width,
  height,
  focusable: false,
  zIndex: -1,
  data: {},
});

const spoken = (
  look: NodeDescription,
  isOff: boolean,
  note: string | undefined,
  heads: readonly Head[],
  visit: { order: number[]; status: string } | undefined,
  problems: readonly FlowProblem[],
): string =>
  [
    look.label,
    isOff ? "switched off" : "",
    look.summary,
    note ? `Note: ${note}` : "",
    visit ? `step ${visit.order.join(", ")}, ${visit.status}` : "",
    ...heads.filter(({ ends }) => ends).map(({ label }) => (label ? `${label}: ends here` : "Ends here")),
    ...problems.map(({ severity, message }) => `${severity === "error" ? "Problem" : "Warning"}: ${message}`),
  ]
    .filter(Boolean)
    .join(". ");

const lastVisited = (path: ExecutionPath | undefined): string | null => {
  let last: { id: string; order: number } | null = null;
  for (const [id, { order }] of path?.nodes ?? []) {
    const latest = order.at(-1) ?? 0;
    if (!last || latest > last.order) last = { id, order: latest };
  }
  return last?.id ?? null;
};
