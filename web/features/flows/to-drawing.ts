import { Position } from "@xyflow/react";
import type { FlowGraph, FlowProblem } from "#contract/flows.ts";
import { describeNode, type NodeDescription } from "#nodes/describe-node.tsx";
import type { ExecutionPath } from "./execution-path.ts";
import { cardSize, layoutGraph } from "./layout-graph.ts";
import type { CardNode } from "./node-card.tsx";
import { type EdgeRoute, routeEdges } from "./route-edges.ts";

export interface DrawnEdge {
  id: string;
  source: string;
  target: string;
  sourceHandle: string | undefined;
  label: string | undefined;
  sourceLabel: string;
  targetLabel: string;
  /** `plain` where no path is shown. Otherwise it says whether the path went along the edge. */
  look: "plain" | "travelled" | "untravelled";
  route: EdgeRoute | undefined;
}

export interface Drawing {
  nodes: CardNode[];
  edges: DrawnEdge[];
  focusId: string | null;
}

/** Turns a stored graph into cards and arrows. Everything that can be drawn is drawn, whatever is wrong with the graph. */
export const toDrawing = (graph: FlowGraph, problems: readonly FlowProblem[], path: ExecutionPath | undefined): Drawing => {
  const nodes = uniqueById(graph.nodes);
  const described = new Map(nodes.map((node) => [node.id, describeNode(node)]));
  const drawable = byExit(
    uniqueById(graph.edges).filter((edge) => described.has(edge.source) && described.has(edge.target)),
    described,
  );
  const { positions, bends, direction } = layoutGraph(nodes, drawable);
  const exits = usedExits(drawable, described);
  const routes =
    bends &&
    routeEdges(
      drawable.map((edge) => placeOfExit(edge, exits, described)),
      positions,
      bends,
    );
  const sideways = direction === "right";
  return {
    nodes: nodes.map((node) => {
      const look = described.get(node.id) as NodeDescription;
      const visit = path?.nodes.get(node.id);
      const mine = problems.filter((problem) => problem.nodeId === node.id);
      return {
        id: node.id,
        type: "card",
        position: positions.get(node.id) ?? { x: 0, y: 0 },
        width: cardSize.width,
        height: cardSize.height,
        sourcePosition: sideways ? Position.Right : Position.Bottom,
        targetPosition: sideways ? Position.Left : Position.Top,
        className: path ? (visit ? `visited ${visit.status}` : "unvisited") : "",
        ariaLabel: spoken(look, visit, mine),
        data: { look, visit, dimmed: path !== undefined && !visit, problems: mine, exits: exits.get(node.id) ?? [] },
      };
    }),
    edges: drawable.map((edge, index) => {
      const source = described.get(edge.source) as NodeDescription;
      const handle = handleOf(edge.sourceHandle, source);
      return {
        id: edge.id,
        source: edge.source,
        target: edge.target,
        sourceHandle: handle,
        label: isTelling(edge, handle, source, exits) ? labelOf(handle, source) : undefined,
        sourceLabel: source.label,
        targetLabel: described.get(edge.target)?.label ?? "",
        look: path ? (path.edges.has(edge.id) ? "travelled" : "untravelled") : "plain",
        route: routes?.[index],
      };
    }),
    focusId: lastVisited(path) ?? nodes.find((node) => !drawable.some((edge) => edge.target === node.id))?.id ?? null,
  };
};

/** An edge without a handle leaves by the node's first exit. */
const handleOf = (sourceHandle: string | null | undefined, source: NodeDescription): string =>
  sourceHandle ?? source.exits[0]?.handle ?? "next";

/** An edge shows the name of its exit where there is a choice, or where the exit is not the usual one. */
const isTelling = (
  edge: { source: string; sourceHandle?: string | null },
  handle: string,
  source: NodeDescription,
  exits: Map<string, string[]>,
): boolean => (exits.get(edge.source) ?? []).length > 1 || (edge.sourceHandle != null && handle !== source.exits[0]?.handle);

const placeOfExit = (
  edge: { source: string; target: string; sourceHandle?: string | null },
  exits: Map<string, string[]>,
  described: Map<string, NodeDescription>,
) => {
  const used = exits.get(edge.source) ?? [];
  const handle = handleOf(edge.sourceHandle, described.get(edge.source) as NodeDescription);
  return { source: edge.source, target: edge.target, exit: used.indexOf(handle), exits: used.length };
};

const labelOf = (handle: string, source: NodeDescription): string => source.exits.find((exit) => exit.handle === handle)?.label ?? handle;

/** The exits that have an edge, in the order in which the node type lists them. Unknown exits, which are a problem, come last. */
const usedExits = (edges: readonly { source: string; sourceHandle?: string | null }[], described: Map<string, NodeDescription>) => {
  const used = new Map<string, string[]>();
  for (const edge of edges) {
    const source = described.get(edge.source) as NodeDescription;
    const handle = handleOf(edge.sourceHandle, source);
    const known = used.get(edge.source) ?? [];
    if (!known.includes(handle)) used.set(edge.source, [...known, handle]);
  }
  for (const [id, handles] of used) {
    const source = described.get(id) as NodeDescription;
    handles.sort((a, b) => rank(a, source) - rank(b, source));
  }
  return used;
};

const rank = (handle: string, source: NodeDescription): number => {
  const index = source.exits.findIndex((exit) => exit.handle === handle);
  return index === -1 ? source.exits.length : index;
};

/** The edges of each node from its first exit to its last: the layout draws branches left to right in that order. */
const byExit = <E extends { source: string; sourceHandle?: string | null }>(edges: E[], described: Map<string, NodeDescription>): E[] => {
  const places = new Map([...described.keys()].map((id, index) => [id, index]));
  const place = (edge: E) => places.get(edge.source) ?? 0;
  const exit = (edge: E) => {
    const source = described.get(edge.source) as NodeDescription;
    return rank(handleOf(edge.sourceHandle, source), source);
  };
  return edges.toSorted((a, b) => place(a) - place(b) || exit(a) - exit(b));
};

const spoken = (look: NodeDescription, visit: { order: number[]; status: string } | undefined, problems: FlowProblem[]): string =>
  [
    look.label,
    look.summary,
    visit ? `step ${visit.order.join(", ")}, ${visit.status}` : "",
    ...problems.map((problem) => `Problem: ${problem.message}`),
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

const uniqueById = <T extends { id: string }>(items: readonly T[]): T[] => [...new Map(items.map((item) => [item.id, item])).values()];
