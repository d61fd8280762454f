import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { layeredLayout, type Point } from "./layered-layout.ts";

/** The size of a card. All cards have one size, so that a layout can be judged and made before anything is drawn. */
export const cardSize = { width: 240, height: 68, columnGap: 40, rowGap: 56 } as const;

export interface GraphLayout {
  positions: Map<string, Point>;
  /** The points at which an edge passes between cards, by its place among the edges. Undefined for the positions of an author. */
  bends: Map<number, Point[]> | undefined;
  /** The direction in which the flow reads. Edges leave and enter cards on the matching sides. */
  direction: "down" | "right";
  /** Whether the positions are those of the author. */
  stored: boolean;
}

/**
 * Chooses the place of each node. The author's positions are used where all of them are there and no card covers
 * another. Otherwise all nodes are laid out anew, because a mixture of both layouts would be readable in neither way.
 */
export const layoutGraph = (nodes: readonly FlowNode[], edges: readonly FlowEdge[]): GraphLayout => {
  const stored = new Map(nodes.map((node) => [node.id, { x: node.position.x, y: node.position.y }]));
  if (stored.size === nodes.length && isReadable([...stored.values()])) {
    return { positions: stored, bends: undefined, direction: readsSideways(stored, edges) ? "right" : "down", stored: true };
  }
  const ids = nodes.map((node) => node.id);
  return { ...layeredLayout(ids, edges, cardSize), direction: "down", stored: false };
};

/** Whether no two cards overlap, and none lies so far out that fitting the view would shrink every card to a dot. */
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
