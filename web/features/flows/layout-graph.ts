import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { layeredLayout, type Point } from "./layered-layout.ts";

/** The card every node is drawn as. Of one size, so that a layout can be judged and made before anything is drawn. */
export const cardSize = { width: 240, height: 68, columnGap: 40, rowGap: 56 } as const;

export interface GraphLayout {
  positions: Map<string, Point>;
  /** By its place among the edges, where an edge passes between cards; undefined for an author's own positions. */
  bends: Map<number, Point[]> | undefined;
  /** Which way the flow reads; edges leave and enter cards on the matching sides. */
  direction: "down" | "right";
  /** Whether the positions are the ones its author gave. */
  stored: boolean;
}

/**
 * Where to draw each node: where its author put it, or, when positions are missing or cards would cover each other, a
 * tidy layout of our own. All or nothing: half an author's drawing mixed with half of ours is neither.
 */
export const layoutGraph = (nodes: readonly FlowNode[], edges: readonly FlowEdge[]): GraphLayout => {
  const stored = new Map(nodes.map((node) => [node.id, { x: node.position.x, y: node.position.y }]));
  if (stored.size === nodes.length && isReadable([...stored.values()])) {
    return { positions: stored, bends: undefined, direction: readsSideways(stored, edges) ? "right" : "down", stored: true };
  }
  const ids = nodes.map((node) => node.id);
  return { ...layeredLayout(ids, edges, cardSize), direction: "down", stored: false };
};

/** No two cards overlap, and nothing lies so far out that fitting the view would shrink every card to a dot. */
const isReadable = (places: { x: number; y: number }[]): boolean => {
  if (places.some((place) => !Number.isFinite(place.x) || !Number.isFinite(place.y))) return false;
  const farthest = Math.max(4000, places.length * (cardSize.width + cardSize.columnGap) * 2);
  const sorted = [...places].sort((a, b) => a.y - b.y);
  const xs = places.map((place) => place.x);
  const spanX = Math.max(...xs) - Math.min(...xs);
  const spanY = (sorted.at(-1)?.y ?? 0) - (sorted[0]?.y ?? 0);
  if (spanX > farthest || spanY > farthest) return false;
  return sorted.every((place, index) => {
    for (let next = index + 1; next < sorted.length; next++) {
      const other = sorted[next] as { x: number; y: number };
      if (other.y - place.y >= cardSize.height) break;
      if (Math.abs(other.x - place.x) < cardSize.width) return false;
    }
    return true;
  });
};

const readsSideways = (positions: Map<string, { x: number; y: number }>, edges: readonly FlowEdge[]): boolean => {
  let across = 0;
  let down = 0;
  for (const edge of edges) {
    const from = positions.get(edge.source);
    const to = positions.get(edge.target);
    if (!from || !to) continue;
    across += Math.abs(to.x - from.x) - cardSize.width;
    down += Math.abs(to.y - from.y) - cardSize.height;
  }
  return across > down && across > 0;
};
