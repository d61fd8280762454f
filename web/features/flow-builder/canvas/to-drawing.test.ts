import { describe, expect, it } from "vitest";
import type { FlowEdge, FlowGraph, FlowNode, FlowProblem } from "#contract/flows.ts";
import { buildStep } from "#test/build-history.ts";
import type { CardNode } from "./card.tsx";
import { type ExecutionPath, pathOf } from "./execution-path.ts";
import type { HeadNode } from "./exit-head.tsx";
import { layoutOf } from "./layout.ts";
import { openingView } from "./opening-view.ts";
import { planDrawing } from "./plan-drawing.ts";
import { keepUnchanged, toDrawing } from "./to-drawing.ts";

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

const draw = (drawn: FlowGraph = graph, { problems = [], path }: { problems?: FlowProblem[]; path?: ExecutionPath } = {}) => {
  const plan = planDrawing(drawn);
  const { nodes, edges, focusId } = toDrawing(plan, layoutOf(plan.input), problems, path);
  const lines = edges.filter(({ id }) => drawn.edges.some((each) => each.id === id));
  const cards = nodes.filter((each): each is CardNode => each.type === "card");
  const heads = nodes.filter((each): each is HeadNode => each.type === "head").map((each) => each.data.head);
  return { cards, heads, lines, stems: edges.filter((each) => !lines.includes(each)), focusId };
};
type Drawn = ReturnType<typeof draw>;
const cardOf = ({ cards }: Drawn, id: string) => cards.find((each) => each.id === id) as CardNode;
const headsUnder = ({ heads }: Drawn, id: string) =>
  heads.filter((head) => head.stepId === id).map(({ label, ends }) => (ends ? `${label} ends` : label));
/** A step that leads back to the e-mail three times. */
const goTo = node("back", "go_to", { target: "mail", times: 3, pauseSeconds: 0 });

describe("a flow as a drawing", () => {
  it("names the exits where there is a choice, or where it is not the usual one", () => {
    const drawing = draw();
    expect(["start", "if", "mail", "sms"].map((id) => headsUnder(drawing, id))).toEqual([
      [],
      ["Has e-mail", "Otherwise"],
      [],
      ["Sent ends", "Failed"],
    ]);
    expect(drawing.lines.map((each) => each.ariaLabel)).toContain("Failed: from Send SMS to smart-delay");
  });

  it("draws a condition's branches from left to right as they are listed, however the edges are stored", () => {
    const drawing = draw();
    const x = (id: string) => cardOf(drawing, id).position.x;
    expect(x("mail")).toBeLessThan(x("sms"));
  });

  it("draws each edge once, from the head of its exit, and one line from a card to each of its heads", () => {
    const drawing = draw();
    expect(drawing.lines.map(({ id }) => id).sort()).toEqual(graph.edges.map(({ id }) => id).sort());
    expect(drawing.lines.find(({ id }) => id === "if-yes-mail")?.source).toBe(drawing.heads[0]?.id);
    expect(drawing.stems.map(({ source }) => source)).toEqual(drawing.heads.map(({ stepId }) => stepId));
  });

  it("says where executions end, also to who cannot see it, and shows exits for what should not be only when they are used", () => {
    const drawing = draw({ nodes: graph.nodes, edges: graph.edges.slice(0, 2) });
    expect(headsUnder(drawing, "if")).toEqual(["Has e-mail ends", "Otherwise"]);
    expect(headsUnder(drawing, "sms")).toEqual(["undefined ends"]);
    expect(cardOf(drawing, "if").ariaLabel).toContain("Has e-mail: ends here");
    expect(cardOf(drawing, "sms").ariaLabel).toContain("Ends here");
  });

  it("says how many lines meet at a step", () => {
    expect(draw().cards.map(({ data }) => data.arrivals)).toEqual([0, 1, 1, 1, 2]);
  });

  it("draws a go-to without a line: a head names the step and how often", () => {
    const drawing = draw({ nodes: [...graph.nodes, goTo], edges: [...graph.edges, edge("odd", "back")] });
    expect(headsUnder(drawing, "back")).toEqual(["Back to “Send e-mail”, at most 3 ×", "Limit reached ends"]);
    expect(drawing.lines.filter(({ source }) => source.startsWith("back"))).toEqual([]);
    expect(cardOf(drawing, "back").data.saysItBelow).toBe(true);
  });

  it("marks an edge that leads back up", () => {
    const looped = draw({ nodes: graph.nodes, edges: [...graph.edges, edge("odd", "mail", "again")] });
    expect(looped.lines.filter((each) => each.className?.includes("backward")).map(({ id }) => id)).toEqual(["odd-again-mail"]);
  });

  it("draws an unknown type as a marked card, leaves out edges into nowhere, and draws a doubled id once", () => {
    const broken = {
      nodes: [...graph.nodes, node("sms", "end")],
      edges: [...graph.edges, edge("sms", "nowhere"), edge("odd", "sms", "what")],
    };
    const drawing = draw(broken);
    expect(drawing.cards.map((each) => each.id)).toEqual(["start", "if", "mail", "sms", "odd"]);
    expect(cardOf(drawing, "odd").data.look).toMatchObject({ known: false });
    expect(drawing.lines.map((each) => each.target)).not.toContain("nowhere");
    expect(headsUnder(drawing, "odd")).toEqual(["what"]);
  });

  it("marks problems on the nodes they are about, also for who cannot see the mark", () => {
    const problem = { severity: "error", code: "unknown_node_type", message: "There is no node type.", nodeId: "odd" } as const;
    const drawing = draw(graph, { problems: [problem] });
    const marked = drawing.cards.filter((each) => each.data.problems.length > 0);
    expect(marked.map((each) => each.id)).toEqual(["odd"]);
    expect(marked[0]?.ariaLabel).toContain("Problem: There is no node type.");
  });

  it("shows the way of an execution: numbered, by status, and what it did not reach stepped back", () => {
    const steps = [
      buildStep({ visit: 1, nodeId: "start" }),
      buildStep({ visit: 2, nodeId: "if", exit: "otherwise" }),
      buildStep({ visit: 3, nodeId: "sms", status: "waiting", exit: null }),
    ];
    const drawing = draw(graph, { path: pathOf(graph, steps) });
    const looks = Object.fromEntries(drawing.cards.map((each) => [each.id, each.className]));
    expect(looks).toEqual({
      start: "visited completed",
      if: "visited completed",
      sms: "visited waiting",
      mail: "unvisited",
      odd: "unvisited",
    });
    expect(cardOf(drawing, "sms").ariaLabel).toContain("step 3, waiting");
    expect(drawing.lines.filter((each) => each.className === "travelled").map((each) => each.id)).toEqual([
      "start--if",
      "if-otherwise-sms",
    ]);
    expect(drawing.stems.filter((each) => each.className === "travelled").map((each) => each.source)).toEqual(["if"]);
    expect(drawing.focusId).toBe("sms");
  });
});

describe("the view a drawing opens with", () => {
  const nodes = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `n${index}`, position: { x: 0, y: index * 136 }, width: 240, height: 68 }));

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

it("keeps the cards, heads and lines that look as they did, so that a keystroke draws one card anew", () => {
  const drawn = (text: string) => {
    const plan = planDrawing(
      { ...graph, nodes: graph.nodes.map((each) => (each.id === "sms" ? node("sms", "send_sms", { text }) : each)) },
      true,
    );
    return toDrawing(plan, layoutOf(plan.input), [], undefined);
  };
  const before = drawn("Hello");
  const after = keepUnchanged(before, drawn("Hello!"));
  expect(after.nodes.filter((each) => !before.nodes.includes(each)).map(({ id }) => id)).toEqual(["sms"]);
  expect(after.edges.filter((each) => !before.edges.includes(each))).toEqual([]);
});

it("has a spot for every exit that a step can be put behind, where it can be changed", () => {
  const plan = planDrawing(graph, true);
  const { spots } = toDrawing(plan, layoutOf(plan.input), [], undefined);
  expect([...spots.keys()].toSorted()).toEqual(["if\notherwise", "if\nyes", "mail\nsent", "sms\nfailed", "sms\nsent", "start\nnext"]);
});
