import { describe, expect, it } from "vitest";
import type { FlowEdge, FlowGraph, FlowNode } from "#contract/flows.ts";
import { buildStep } from "#test/build-history.ts";
import { pathOf } from "./execution-path.ts";
import { openingView } from "./opening-view.ts";
import { toDrawing } from "./to-drawing.ts";

const node = (id: string, type: string, config?: Record<string, unknown>): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
});
const edge = (source: string, target: string, sourceHandle?: string): FlowEdge => ({
  id: `${source}-${sourceHandle ?? ""}-${target}`,
  source,
  target,
  sourceHandle,
});
const tests = [{ field: "email", operator: "is_not_empty" }];
const graph: FlowGraph = {
  nodes: [
    node("start", "start", {}),
    node("if", "condition", { branches: [{ id: "yes", label: "Has e-mail", tests }] }),
    node("mail", "send_email", { subject: "Hello", text: "Hello" }),
    node("sms", "send_sms", { text: "Hello" }),
    node("odd", "smart-delay"),
  ],
  edges: [
    edge("start", "if"),
    edge("if", "sms", "otherwise"),
    edge("if", "mail", "yes"),
    edge("mail", "odd"),
    edge("sms", "odd", "failed"),
  ],
};
const labels = (drawing: ReturnType<typeof toDrawing>) => Object.fromEntries(drawing.edges.map((each) => [each.id, each.label]));

describe("a flow as a drawing", () => {
  it("names the exits where there is a choice, or where it is not the usual one", () => {
    expect(labels(toDrawing(graph, [], undefined))).toEqual({
      "start--if": undefined,
      "if-yes-mail": "Has e-mail",
      "if-otherwise-sms": "Otherwise",
      "mail--odd": undefined,
      "sms-failed-odd": "Failed",
    });
  });

  it("draws a condition's branches from left to right as they are listed, however the edges are stored", () => {
    const drawing = toDrawing(graph, [], undefined);
    const x = (id: string) => drawing.nodes.find((each) => each.id === id)?.position.x ?? Number.NaN;
    expect(x("mail")).toBeLessThan(x("sms"));
    expect(drawing.nodes.find((each) => each.id === "if")?.data.exits).toEqual(["yes", "otherwise"]);
  });

  it("draws an unknown type as a marked card, leaves out edges into nowhere, and draws a doubled id once", () => {
    const broken = {
      nodes: [...graph.nodes, node("sms", "end")],
      edges: [...graph.edges, edge("sms", "nowhere"), edge("odd", "sms", "what")],
    };
    const drawing = toDrawing(broken, [], undefined);
    expect(drawing.nodes.map((each) => each.id)).toEqual(["start", "if", "mail", "sms", "odd"]);
    expect(drawing.nodes.find((each) => each.id === "odd")?.data.look).toMatchObject({ known: false });
    expect(drawing.edges.map((each) => each.target)).not.toContain("nowhere");
    expect(drawing.edges.find((each) => each.sourceHandle === "what")?.label).toBe("what");
  });

  it("marks problems on the nodes they are about, also for who cannot see the mark", () => {
    const problem = { severity: "error", code: "unknown_node_type", message: "There is no node type.", nodeId: "odd" } as const;
    const drawing = toDrawing(graph, [problem], undefined);
    const marked = drawing.nodes.filter((each) => each.data.problems.length > 0);
    expect(marked.map((each) => each.id)).toEqual(["odd"]);
    expect(marked[0]?.ariaLabel).toContain("Problem: There is no node type.");
  });

  it("shows the way of an execution: numbered, by status, and what it did not reach stepped back", () => {
    const steps = [
      buildStep({ visit: 1, nodeId: "start" }),
      buildStep({ visit: 2, nodeId: "if", exit: "otherwise" }),
      buildStep({ visit: 3, nodeId: "sms", status: "waiting", exit: null }),
    ];
    const drawing = toDrawing(graph, [], pathOf(graph, steps));
    const looks = Object.fromEntries(drawing.nodes.map((each) => [each.id, each.className]));
    expect(looks).toEqual({
      start: "visited completed",
      if: "visited completed",
      sms: "visited waiting",
      mail: "unvisited",
      odd: "unvisited",
    });
    expect(drawing.nodes.find((each) => each.id === "sms")?.ariaLabel).toContain("step 3, waiting");
    expect(drawing.edges.filter((each) => each.look === "travelled").map((each) => each.id)).toEqual(["start--if", "if-otherwise-sms"]);
    expect(drawing.focusId).toBe("sms");
  });
});

describe("the view a drawing opens with", () => {
  const nodes = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `n${index}`, position: { x: 0, y: index * 136 } }));

  it("shows all of a small flow, in the middle and never enlarged", () => {
    const view = openingView({ nodes: nodes(3), focusId: "n0" }, { width: 1200, height: 800 });
    expect(view.zoom).toBe(1);
    expect(view.x + 120).toBe(600);
  });

  it("stays readable when all would be too small, and begins where it matters", () => {
    const view = openingView({ nodes: nodes(200), focusId: "n100" }, { width: 390, height: 600 });
    expect(view.zoom).toBeGreaterThan(0.6);
    const onScreen = 100 * 136 * view.zoom + view.y;
    expect(onScreen).toBeGreaterThanOrEqual(0);
    expect(onScreen).toBeLessThan(300);
  });

  it("shows no emptiness beyond the last node while there is something to show", () => {
    const view = openingView({ nodes: nodes(200), focusId: "n199" }, { width: 390, height: 600 });
    const bottom = (199 * 136 + 68) * view.zoom + view.y;
    expect(bottom).toBeCloseTo(600 - 32);
  });
});
