import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";
import { randomFlow } from "#test/random-flow.ts";
import { type Layout, type LayoutInput, layoutOf } from "./layout.ts";
import { planDrawing } from "./plan-drawing.ts";

const laidOut = (graph: FlowGraph) => {
  const plan = planDrawing(graph);
  return { plan, layout: layoutOf(plan.input) };
};

/** Pairs of boxes of which one covers a part of the other. */
const overlaps = ({ boxes }: LayoutInput, { centres }: Layout): string[] => {
  const placed = boxes.map((box) => ({ ...box, ...(centres.get(box.id) as { x: number; y: number }) })).sort((a, b) => a.y - b.y);
  return placed.flatMap((a, index) =>
    placed
      .slice(index + 1)
      .filter((b) => Math.abs(a.y - b.y) < (a.height + b.height) / 2 && Math.abs(a.x - b.x) < (a.width + b.width) / 2)
      .map((b) => `${a.id} and ${b.id}`),
  );
};

const flows = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 2 ** 31 }))
  .map(([steps, seed]) => randomFlow(steps, seed));

const node = (id: string): FlowNode => ({ id, type: "delay", position: { x: 0, y: 0 }, data: { config: {} } });
const edge = (source: string, target: string, index = 0): FlowEdge => ({ id: `${source}-${target}-${index}`, source, target });

/** A graph with everything that may be stored: loops, edges into nowhere, ids that occur twice, steps that nothing leads to. */
const oddGraphs = fc.integer({ min: 0, max: 30 }).chain((count) =>
  fc.record({
    nodes: fc.array(
      fc.integer({ min: 0, max: count }).map((number) => node(`n${number}`)),
      { maxLength: 40 },
    ),
    edges: fc.array(
      fc.tuple(fc.integer({ min: 0, max: count }), fc.integer({ min: 0, max: count })).map(([from, to]) => edge(`n${from}`, `n${to}`)),
      { maxLength: 60 },
    ),
  }),
);

describe("the layout of a flow", () => {
  it("lets no card or head cover another one, in flows as people draw them", () => {
    fc.assert(
      fc.property(flows, (graph) => {
        const { plan, layout } = laidOut(graph);
        expect(overlaps(plan.input, layout)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("stands the exits of each step from left to right in the order of its definition", () => {
    fc.assert(
      fc.property(flows, (graph) => {
        const { plan, layout } = laidOut(graph);
        for (const [id, heads] of Map.groupBy(plan.heads, (head) => head.stepId)) {
          const places = heads.map((head) => layout.centres.get(head.id) as { x: number; y: number });
          expect(
            places.map(({ x }) => x),
            id,
          ).toEqual(places.map(({ x }) => x).toSorted((a, b) => a - b));
          expect(new Set(heads.map(({ height }, index) => (places[index]?.y ?? 0) - height / 2)).size, id).toBe(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("draws every edge once, downwards, by level and upright pieces that run behind no card", () => {
    fc.assert(
      fc.property(flows, (graph) => {
        const { plan, layout } = laidOut(graph);
        expect([...layout.lines.keys()].sort()).toEqual(plan.input.links.map(({ id }) => id).sort());
        expect(plan.edges.map(({ id }) => id).sort()).toEqual(graph.edges.map(({ id }) => id).sort());
        for (const points of layout.lines.values()) {
          expect(points.length).toBeGreaterThanOrEqual(2);
          points.slice(1).forEach((point, index) => {
            const before = points[index] as typeof point;
            expect(before.x === point.x || before.y === point.y).toBe(true);
            expect(point.y).toBeGreaterThanOrEqual(before.y);
            for (const box of plan.input.boxes) expect(runsThrough(before, point, box, layout), box.id).toBe(false);
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("is the same every time, also after its way to a worker", () => {
    const { plan, layout } = laidOut(randomFlow(60, 5));
    expect(layoutOf(JSON.parse(JSON.stringify(plan.input)))).toEqual(layout);
  });

  it("places whatever there may be: loops, edges into nowhere, doubled ids, and what nothing leads to", () => {
    fc.assert(
      fc.property(oddGraphs, (graph) => {
        const { plan, layout } = laidOut(graph);
        expect([...layout.centres.keys()].sort()).toEqual(plan.input.boxes.map(({ id }) => id).sort());
        expect([...layout.lines.keys()].sort()).toEqual(plan.input.links.map(({ id }) => id).sort());
        const numbers = [...[...layout.centres.values()], ...[...layout.lines.values()].flat()].flatMap(({ x, y }) => [x, y]);
        expect(numbers.every(Number.isFinite)).toBe(true);
        expect(overlaps(plan.input, layout)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("places the largest flow there may be, a chain of 500 that jumps back and forth", () => {
    const nodes = Array.from({ length: 500 }, (_, index) => node(`n${index}`));
    const chain = nodes.slice(1).map((each, index) => edge(`n${index}`, each.id));
    const jumps = Array.from({ length: 20 }, (_, index) => edge(`n${index * 7}`, `n${(index * 37) % 150}`, 1));
    const { plan, layout } = laidOut({ nodes, edges: [...chain, ...jumps] });
    expect(overlaps(plan.input, layout)).toEqual([]);
    expect(layout.lines.size).toBe(plan.input.links.length);
  });

  it("stands steps that nothing leads to in a lane of their own beside the flow, below each other", () => {
    const graph = {
      nodes: ["a", "b", "lost", "found", "alone"].map(node),
      edges: [edge("a", "b"), edge("lost", "found"), edge("lost", "b", 1)],
    };
    const { layout } = laidOut({ ...graph, nodes: graph.nodes.map((each) => (each.id === "a" ? { ...each, type: "start" } : each)) });
    const { lane, centres } = layout;
    if (!lane) throw new Error("there is no lane");
    const isInside = (id: string) => {
      const { x, y } = centres.get(id) as { x: number; y: number };
      return x > lane.x && x < lane.x + lane.width && y > lane.y && y < lane.y + lane.height;
    };
    expect(["a", "b", "lost", "found", "alone"].map(isInside)).toEqual([false, false, true, true, true]);
    expect(centres.get("alone")?.y).toBeGreaterThan(centres.get("found")?.y as number);
    expect(layout.lines.get("lost-b-1")?.at(-1)?.x).toBe(centres.get("b")?.x);
  });

  it("draws a plain step as one straight line and a chain in one column", () => {
    const { layout } = laidOut({ nodes: ["a", "b", "c"].map(node), edges: [edge("a", "b"), edge("b", "c")] });
    expect(new Set([...layout.centres.values()].map(({ x }) => x)).size).toBe(1);
    expect(layout.lines.get("a-b-0")).toHaveLength(2);
  });
});

const runsThrough = (a: Point, b: Point, { id, width, height }: LayoutInput["boxes"][number], { centres }: Layout): boolean => {
  const { x, y } = centres.get(id) as Point;
  return (
    Math.max(a.x, b.x) > x - width / 2 + 1 &&
    Math.min(a.x, b.x) < x + width / 2 - 1 &&
    Math.max(a.y, b.y) > y - height / 2 + 1 &&
    Math.min(a.y, b.y) < y + height / 2 - 1
  );
};
type Point = { x: number; y: number };
