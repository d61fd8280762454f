import { expect, test } from "vitest";
import type { CardNode } from "../canvas/card.tsx";
import { layoutOf } from "../canvas/layout.ts";
import { planDrawing } from "../canvas/plan-drawing.ts";
import { toDrawing } from "../canvas/to-drawing.ts";
import { createDraftStore } from "../draft/draft-store.ts";
import type { Graph } from "../operations/exits.ts";
import { exitRowKey, outlineRows } from "../outline/outline-rows.ts";
import { foldedSteps, unfoldedFor } from "./folded-steps.ts";

const beginning = {
  flowId: "0198f5a0-0000-7000-8000-0000000000f1",
  isDraft: false,
  revision: "1",
  name: "Flow",
  settings: {},
  problems: [],
  live: "live",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
};
const condition = { branches: [{ id: "yes", label: "Yes", tests: [{ field: "email", operator: "is_not_empty" }] }] };
const node = (id: string, type = "send_sms", config: Record<string, unknown> = { text: "Hi" }) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
});
const edge = (source: string, target: string, sourceHandle?: string) => ({
  id: `${source} ${target} ${sourceHandle}`,
  source,
  target,
  ...(sourceHandle && { sourceHandle }),
});
/** if: yes > a > inner (yes > b, otherwise > both) ; otherwise > both > end */
const graph: Graph = {
  nodes: [
    node("start", "start", {}),
    node("if", "condition", condition),
    node("a"),
    node("inner", "condition", condition),
    node("b"),
    node("both"),
  ],
  edges: [
    edge("start", "if"),
    edge("if", "a", "yes"),
    edge("a", "inner"),
    edge("inner", "b", "yes"),
    edge("inner", "both", "otherwise"),
    edge("if", "both", "otherwise"),
    edge("b", "both"),
  ],
};
const yes = exitRowKey({ source: "if", exit: "yes" });
const otherwise = exitRowKey({ source: "if", exit: "otherwise" });
const innerYes = exitRowKey({ source: "inner", exit: "yes" });
const hidden = (...folded: string[]) => [...foldedSteps(graph, folded).values()].flat().toSorted();

test("a branch that is folded hides its steps, and not those to which another way is open", () => {
  expect(hidden(yes)).toEqual(["a", "b", "inner"]);
});

test("where every way to a step is folded, it is hidden too", () => {
  expect([...new Set(hidden(yes, otherwise))]).toEqual(["a", "b", "both", "inner"]);
});

test("a branch that would hide nothing is not folded, and neither is one that is gone, or the only way of a step", () => {
  const only = exitRowKey({ source: "start", exit: "next" });
  expect(foldedSteps(graph, [otherwise, "exit gone yes", only]).size).toBe(0);
});

test("what is to be seen unfolds all that hides it, and nothing else", () => {
  expect(unfoldedFor(graph, [yes, innerYes], "b")).toEqual([]);
  expect(unfoldedFor(graph, [yes, innerYes], "a")).toEqual([innerYes]);
  expect(unfoldedFor(graph, [yes], innerYes)).toEqual([]);
  expect(unfoldedFor(graph, [yes], "both")).toEqual([yes]);
});

const words = (...folded: string[]) =>
  outlineRows(graph, foldedSteps(graph, folded)).map((row) => (row.kind === "step" ? row.node.id : `${row.kind} ${row.level}`));

test("in the outline a folded branch is one row, and what all branches come to stays where it was", () => {
  expect(words(yes)).toEqual(["start", "if", "exit 2", "exit 2", "goes_on 3", "both", "ends 1"]);
  expect(words(yes, otherwise)).toEqual(["start", "if", "exit 2", "exit 2"]);
});

test("in the drawing a folded branch is a head that tells how many steps it hides, and leads nowhere", () => {
  const plan = planDrawing(graph, true, foldedSteps(graph, [yes]));
  expect([...plan.looks.keys()]).toEqual(["start", "if", "both"]);
  expect(plan.heads.map(({ handle, hides, ends }) => [handle, hides.length, ends])).toEqual([
    ["yes", 3, false],
    ["otherwise", 0, false],
    ["sent", 0, true],
  ]);
});

test("in the drawing a branch can be folded where nothing else leads to its steps, and none where nothing folds", () => {
  const foldable = (...folded: string[]) =>
    planDrawing(graph, true, foldedSteps(graph, folded)).heads.flatMap(({ id, folds }) => (folds ? [id.replace("\n", ":")] : []));
  expect(foldable()).toEqual(["if:yes", "inner:yes"]);
  // What both come to is led to by the other one alone now.
  expect(foldable(yes)).toEqual(["if:yes", "if:otherwise"]);
  expect(planDrawing(graph, true).heads.some(({ folds }) => folds)).toBe(false);
});

test("a card tells whether all of its branches are folded", () => {
  const stateOf = (...folded: string[]) => {
    const plan = planDrawing(graph, true, foldedSteps(graph, folded));
    const card = toDrawing(plan, layoutOf(plan.input), [], undefined).nodes.find(({ id }) => id === "if") as CardNode;
    return card.data.folds;
  };
  expect([stateOf(), stateOf(yes), stateOf(yes, otherwise)]).toEqual(["open", "open", "folded"]);
});

test("a step that is opened or revealed is unfolded, and what is left is kept", () => {
  const kept: (readonly string[])[] = [];
  const draft = { ...beginning, ...graph };
  const store = createDraftStore(draft, Date.now, { read: () => [yes, innerYes], keep: (folded) => void kept.push(folded) });
  store.getState().select("a");
  expect(store.getState().folded).toEqual([innerYes]);
  store.getState().fold(yes);
  store.getState().reveal("b");
  expect(store.getState()).toMatchObject({ folded: [], active: "b" });
  expect(kept).toEqual([[innerYes], [innerYes, yes], []]);
});
