import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { cardSize, layoutGraph } from "./layout-graph.ts";

const node = (id: string, x = 0, y = 0): FlowNode => ({ id, type: "delay", position: { x, y }, data: {} });
const edge = (source: string, target: string): FlowEdge => ({ id: `${source}-${target}`, source, target });

const overlaps = (places: { x: number; y: number }[]): boolean =>
  places.some((a, index) =>
    places.slice(index + 1).some((b) => Math.abs(a.x - b.x) < cardSize.width && Math.abs(a.y - b.y) < cardSize.height),
  );

const graphs = fc.integer({ min: 0, max: 30 }).chain((count) =>
  fc.record({
    nodes: fc.constant(Array.from({ length: count }, (_, index) => node(`n${index}`))),
    // One id too many on purpose: an edge may point at nothing, at its own node, or back.
    edges: fc.array(
      fc.tuple(fc.integer({ min: 0, max: count }), fc.integer({ min: 0, max: count })).map(([from, to]) => edge(`n${from}`, `n${to}`)),
      { maxLength: 60 },
    ),
  }),
);

describe("where the nodes of a flow are drawn", () => {
  it("never lets two cards overlap, whatever the graph: cycles, loops on one node, edges into nowhere", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const { positions } = layoutGraph(nodes, edges);
        expect([...positions.keys()].sort()).toEqual(nodes.map((each) => each.id).sort());
        expect(overlaps([...positions.values()])).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("draws every node below the nodes that lead to it when nothing goes in a circle", () => {
    const forwardEdges = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 14 }))
        .filter(([a, b]) => a < b)
        .map(([a, b]) => edge(`n${a}`, `n${b}`)),
      { maxLength: 40 },
    );
    const nodes = Array.from({ length: 15 }, (_, index) => node(`n${index}`));
    fc.assert(
      fc.property(forwardEdges, (edges) => {
        const { positions } = layoutGraph(nodes, edges);
        for (const each of edges) {
          expect(positions.get(each.target)?.y).toBeGreaterThan(positions.get(each.source)?.y ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  it("puts a chain in one straight column and a branch's two arms on both sides of it", () => {
    const ids = ["start", "if", "yes", "no", "end"];
    const { positions } = layoutGraph(
      ids.map((id) => node(id)),
      [edge("start", "if"), edge("if", "yes"), edge("if", "no"), edge("yes", "end"), edge("no", "end")],
    );
    const x = (id: string) => positions.get(id)?.x ?? Number.NaN;
    expect(x("start")).toBe(x("if"));
    expect(x("if")).toBe(x("end"));
    expect(x("yes")).toBeLessThan(x("if"));
    expect(x("no")).toBeGreaterThan(x("if"));
  });

  it("keeps the author's positions when the cards have room there, and says which way they read", () => {
    const across = layoutGraph([node("a", 0, 0), node("b", 400, 10)], [edge("a", "b")]);
    expect(across).toMatchObject({ stored: true, direction: "right" });
    expect(across.positions.get("b")).toEqual({ x: 400, y: 10 });
    expect(layoutGraph([node("a", 0, 0), node("b", 0, 150)], [edge("a", "b")])).toMatchObject({ stored: true, direction: "down" });
  });

  it("makes its own layout when the author's cards cover each other, lie light years apart, or are no numbers", () => {
    for (const [x, y] of [
      [10, 10],
      [1e9, 0],
      [Number.NaN, 0],
    ] as const) {
      expect(layoutGraph([node("a"), node("b", x, y)], [edge("a", "b")]).stored).toBe(false);
    }
  });

  it("lays out the largest flow there may be, a chain of 500 with 500 jumps, in under a second", () => {
    const nodes = Array.from({ length: 500 }, (_, index) => node(`n${index}`));
    const chain = nodes.slice(1).map((each, index) => edge(`n${index}`, each.id));
    const jumps = nodes.map((_, index) => edge(`n${index}`, `n${(index * 37) % 500}`));
    const began = performance.now();
    const { positions } = layoutGraph(nodes, [...chain, ...jumps]);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(overlaps([...positions.values()])).toBe(false);
  });
});
