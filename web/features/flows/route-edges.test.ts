import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlowNode } from "#contract/flows.ts";
import type { Point } from "./layered-layout.ts";
import { cardSize, layoutGraph } from "./layout-graph.ts";
import { roundedPath, routeEdges } from "./route-edges.ts";

const node = (id: string): FlowNode => ({ id, type: "delay", position: { x: 0, y: 0 }, data: {} });

const route = (count: number, pairs: readonly (readonly [number, number])[]) => {
  const edges = pairs.map(([from, to], index) => ({ id: `e${index}`, source: `n${from}`, target: `n${to}` }));
  const nodes = Array.from({ length: count }, (_, index) => node(`n${index}`));
  const { positions, bends } = layoutGraph(nodes, edges);
  if (!bends) throw new Error("the layout is not ours");
  const routed = edges.map((edge) => {
    const mine = edges.filter((each) => each.source === edge.source);
    return { ...edge, exit: mine.indexOf(edge), exits: mine.length };
  });
  return { positions, routes: routeEdges(routed, positions, bends) };
};

/** Whether a level or upright line runs through the inside of a card. */
const crosses = (a: Point, b: Point, card: Point): boolean =>
  Math.max(a.x, b.x) > card.x + 1 &&
  Math.min(a.x, b.x) < card.x + cardSize.width - 1 &&
  Math.max(a.y, b.y) > card.y + 1 &&
  Math.min(a.y, b.y) < card.y + cardSize.height - 1;

describe("the lines between nodes", () => {
  it("never run behind a card, whatever the graph: branches, jumps over many rows, loops", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 11 })), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(pairs, (given) => {
        const { positions, routes } = route(12, given);
        for (const { points } of routes) {
          points.slice(1).forEach((point, index) => {
            const before = points[index] as Point;
            expect(before.x === point.x || before.y === point.y).toBe(true);
            for (const card of positions.values()) expect(crosses(before, point, card)).toBe(false);
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it("draws a plain step as one straight line", () => {
    const { routes } = route(2, [[0, 1]]);
    expect(routes[0]?.points).toHaveLength(2);
    expect(roundedPath(routes[0]?.points ?? [])).toMatch(/^M [\d.]+ 68 L [\d.]+ 124$/);
  });

  it("gives the branches of a node different heights, so that two lines never look like one", () => {
    const { routes } = route(4, [
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
    const labels = routes.map((each) => each.label);
    expect(labels[0]?.x).toBeLessThan(labels[1]?.x ?? 0);
    expect(labels[1]?.x).toBeLessThan(labels[2]?.x ?? 0);
    expect(routes[0]?.label.y).not.toBe(routes[1]?.label.y);
  });

  it("leads a loop back up round the outside", () => {
    const { positions, routes } = route(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    const right = Math.max(...[...positions.values()].map((place) => place.x + cardSize.width));
    expect(Math.max(...(routes[2]?.points.map((point) => point.x) ?? []))).toBeGreaterThan(right);
  });
});
