import { describe, expect, test } from "vitest";
import { type NodeType, nodeDefinitions } from "#nodes/definitions.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { randomNumbers } from "#test/random-flow.ts";
import type { DraftContent } from "../draft/content.ts";
import { change, noHistory, redo, undo } from "../draft/history.ts";
import { outlineRows } from "../outline/outline-rows.ts";
import { connect, newNode } from "./change-graph.ts";
import { edgeAt, type Graph, shownExits } from "./exits.ts";
import { insertNode } from "./insert.ts";
import { duplicateSteps, moveSteps } from "./move.ts";
import { partOf } from "./part.ts";
import { pastePart } from "./paste.ts";
import { placesAfter, placesBefore } from "./places.ts";
import { blockOf } from "./reach.ts";
import { cutOff, healsAlone, removeSteps, removeWithBranches, waysOut } from "./remove.ts";
import { replaceStep } from "./replace.ts";
import { switchSteps } from "./switch-off.ts";

const node = (id: string, type = "send_sms", config: Record<string, unknown> = { text: "Hi" }) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
});
const chain = (): Graph => ({
  nodes: [node("start", "start", {}), node("one"), node("two"), node("end", "end", {})],
  edges: [
    { id: "a", source: "start", target: "one" },
    { id: "b", source: "one", target: "two", sourceHandle: "sent" },
    { id: "c", source: "two", target: "end" },
  ],
});
const wayOf = (graph: Graph, from = "start"): string[] => {
  const way = [from];
  for (let at = from; way.length < 50; ) {
    const found = graph.nodes.find(({ id }) => id === at);
    const exit = found && shownExits(found, graph.edges)[0]?.handle;
    const next = exit === undefined ? undefined : edgeAt(graph, { source: at, exit })?.target;
    if (next === undefined) break;
    way.push(next);
    at = next;
  }
  return way;
};

describe("a step that is inserted", () => {
  test("leads on to where the way led", () => {
    const graph = chain();
    const made = newNode("delay");
    insertNode(graph, { source: "one", exit: "sent" }, made);
    expect(wayOf(graph)).toEqual(["start", "one", made.id, "two", "end"]);
  });

  test("and branches leads there by every exit that must lead somewhere, so that the flow does the same", () => {
    const graph = chain();
    const made = newNode("condition");
    insertNode(graph, { source: "one", exit: "sent" }, made);
    const leaving = graph.edges.filter(({ source }) => source === made.id);
    expect(leaving.map(({ sourceHandle, target }) => [sourceHandle, target])).toEqual([
      ["yes", "two"],
      ["otherwise", "two"],
    ]);
  });

  test("and only ends is not put where steps follow, because they would be cut off", () => {
    const graph = chain();
    expect(insertNode(graph, { source: "one", exit: "sent" }, newNode("end"))).toBe(false);
    expect(wayOf(graph)).toEqual(["start", "one", "two", "end"]);
  });

  test("where ways meet comes before all of them", () => {
    const graph = chain();
    const condition = { ...newNode("condition"), id: "if" };
    insertNode(graph, { source: "start", exit: "next" }, condition);
    insertNode(graph, { source: "if", exit: "yes" }, node("gift"));
    expect(placesBefore(graph, "one")).toEqual(placesAfter(graph, ["if"])?.toSorted((a) => (a.source === "if" ? -1 : 1)));
    insertNode(graph, placesAfter(graph, ["if"]) ?? [], node("both"));
    expect(wayOf(graph)).toEqual(["start", "if", "gift", "both", "one", "two", "end"]);
    expect(edgeAt(graph, { source: "if", exit: "otherwise" })?.target).toBe("both");
  });

  test.each(Object.keys(nodeDefinitions).filter((type) => type !== "start"))("%s makes no new error but what is not filled in", (type) => {
    const graph = chain();
    insertNode(graph, { source: "one", exit: "sent" }, newNode(type as NodeType));
    expect(structural(graph)).toEqual([]);
  });
});

describe("a step that is taken away", () => {
  test("leaves no gap", () => {
    const graph = chain();
    expect(healsAlone(graph, ["one"])).toBe(true);
    removeSteps(graph, ["one"]);
    expect(wayOf(graph)).toEqual(["start", "two", "end"]);
    expect(validateFlow(graph).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  /** Start, a condition whose first branch leads to a gift and ends, and whose second leads to the rest. */
  const forked = () => {
    const graph = chain();
    const condition = newNode("condition");
    insertNode(graph, { source: "start", exit: "next" }, condition);
    const gift = newNode("send_sms");
    insertNode(graph, { source: condition.id, exit: "yes" }, gift);
    insertNode(graph, { source: condition.id, exit: "yes" }, { ...newNode("send_sms"), id: "hello" });
    connect(graph, { source: gift.id, exit: "sent" }, null);
    return { graph, condition: condition.id, gift: gift.id };
  };

  test("and has several ways out keeps the one that is chosen; what only the others led to stays, unconnected", () => {
    const { graph, condition, gift } = forked();
    expect(healsAlone(graph, [condition])).toBe(false);
    expect(cutOff(graph, [condition], "one")).toEqual(["hello", gift]);
    removeSteps(graph, [condition], "one");
    expect(wayOf(graph)).toEqual(["start", "one", "two", "end"]);
    expect(outlineRows(graph).map(({ kind }) => kind)).toContain("loose");
  });

  test("or goes together with what only the others led to", () => {
    const { graph, condition } = forked();
    removeWithBranches(graph, [condition], "one");
    expect(graph.nodes.map(({ id }) => id).toSorted()).toEqual(["end", "one", "start", "two"]);
    expect(wayOf(graph)).toEqual(["start", "one", "two", "end"]);
  });

  test("or keeps none of the ways, so that contacts end there", () => {
    const { graph, condition } = forked();
    removeSteps(graph, [condition], null);
    expect(wayOf(graph)).toEqual(["start"]);
    expect(graph.nodes).toHaveLength(6);
  });

  test("leaves no loop where it led back to the step before it", () => {
    const graph = chain();
    connect(graph, { source: "two", exit: "sent" }, "one");
    removeSteps(graph, ["two"]);
    expect(graph.edges.every(({ source, target }) => source !== target)).toBe(true);
  });
});

describe("several steps that are taken away", () => {
  test("in a row leave no gap", () => {
    const graph = chain();
    expect(healsAlone(graph, ["one", "two"])).toBe(true);
    removeSteps(graph, ["two", "one"]);
    expect(wayOf(graph)).toEqual(["start", "end"]);
  });

  test("at different places leave none either", () => {
    const graph = chain();
    insertNode(graph, { source: "one", exit: "sent" }, node("middle"));
    removeSteps(graph, ["one", "two"]);
    expect(wayOf(graph)).toEqual(["start", "middle", "end"]);
  });
});

describe("a step that is moved", () => {
  test("leaves no gap, and stands at its new place", () => {
    const graph = chain();
    moveSteps(graph, ["one"], [{ source: "two", exit: "sent" }]);
    expect(wayOf(graph)).toEqual(["start", "two", "one", "end"]);
  });

  test("stays where it is when it is moved behind itself, or in front of what it would cut off", () => {
    const graph = chain();
    moveSteps(graph, ["one"], [{ source: "one", exit: "sent" }]);
    moveSteps(graph, ["one"], [{ source: "start", exit: "next" }]);
    moveSteps(graph, ["end"], [{ source: "start", exit: "next" }]);
    expect(graph).toEqual(chain());
  });

  test("and branches takes its branches along, up to where they meet", () => {
    const graph = chain();
    const condition = { ...newNode("condition"), id: "if" };
    insertNode(graph, { source: "start", exit: "next" }, condition);
    insertNode(graph, { source: "if", exit: "yes" }, node("gift"));
    expect(blockOf(graph, "if").toSorted()).toEqual(["gift", "if"]);
    moveSteps(graph, blockOf(graph, "if"), [{ source: "one", exit: "sent" }]);
    expect(wayOf(graph)).toEqual(["start", "one", "if", "gift", "two", "end"]);
    expect(edgeAt(graph, { source: "if", exit: "otherwise" })?.target).toBe("two");
  });

  test("keeps the ways that led elsewhere than the first", () => {
    const graph = chain();
    graph.nodes.push(node("sorry"));
    connect(graph, { source: "one", exit: "failed" }, "sorry");
    moveSteps(graph, ["one"], [{ source: "two", exit: "sent" }]);
    expect(wayOf(graph)).toEqual(["start", "two", "one", "end"]);
    expect(edgeAt(graph, { source: "one", exit: "failed" })?.target).toBe("sorry");
  });

  test("unless that would be a ring", () => {
    const graph = chain();
    connect(graph, { source: "one", exit: "failed" }, "end");
    connect(graph, { source: "one", exit: "skipped" }, "two");
    insertNode(graph, { source: "two", exit: "sent" }, node("three"));
    connect(graph, { source: "one", exit: "sent" }, "end");
    moveSteps(graph, ["one"], [{ source: "three", exit: "sent" }]);
    expect(validateFlow(graph).filter(({ code }) => code === "cycle_without_wait")).toEqual([]);
  });
});

test("steps are switched off together, and on again where all of them are off; the start never", () => {
  const graph = chain();
  switchSteps(graph, ["one"]);
  switchSteps(graph, ["start", "one", "two"]);
  expect(graph.nodes.map(({ data }) => data.off ?? false)).toEqual([false, true, true, false]);
  switchSteps(graph, ["one", "two"]);
  expect(graph).toEqual(chain());
});

test("a copy stands behind its step, has a name, an id and a data key of its own", () => {
  const graph = chain();
  Object.assign(graph.nodes[1]?.data ?? {}, { label: "Hello", key: "hello" });
  const [id] = duplicateSteps(graph, ["one"]);
  expect(wayOf(graph)).toEqual(["start", "one", id, "two", "end"]);
  const copy = graph.nodes.find((one) => one.id === id);
  expect(copy?.data).toEqual({ label: "Hello copy", key: "hello_2", config: { text: "Hi" } });
  Object.assign(copy?.data.config ?? {}, { text: "Changed" });
  expect(graph.nodes.find((one) => one.id === "one")?.data.config).toEqual({ text: "Hi" });
});

/** What is wrong with how the steps hang together, which no operation may bring about. */
const structural = (graph: Graph) =>
  validateFlow(graph).filter(({ code }) =>
    [
      ...["no_start", "several_starts", "duplicate_node", "duplicate_edge", "dangling_edge", "unknown_exit", "double_exit"],
      ...["cycle_without_wait", "bad_key", "malformed"],
    ].includes(code),
  );

test.each([1, 2, 3, 4, 5])("200 random operations, all undone, give the beginning; all redone, the end (seed %i)", (seed) => {
  const random = randomNumbers(seed);
  const next = (below: number) => Math.floor(random() * below);
  const start: DraftContent = { name: "Flow", settings: {}, ...chain() };
  let state = { content: start, history: noHistory };
  const types = Object.keys(nodeDefinitions).filter((type) => type !== "start" && type !== "go_to") as NodeType[];
  const places = () =>
    state.content.nodes.flatMap((one) => shownExits(one, state.content.edges).map(({ handle }) => ({ source: one.id, exit: handle })));
  for (let count = 0; count < 200; count += 1) {
    const place = places()[next(places().length)];
    const one = state.content.nodes[1 + next(Math.max(1, state.content.nodes.length - 1))];
    if (!place) break;
    const recipe = [
      (draft: DraftContent) => void insertNode(draft, place, newNode(types[next(types.length)] as NodeType)),
      (draft: DraftContent) => one && removeSteps(draft, [one.id]),
      (draft: DraftContent) => one && moveSteps(draft, [one.id], [place]),
      (draft: DraftContent) => one && void duplicateSteps(draft, [one.id]),
      (draft: DraftContent) => {
        const part = partOf(
          state.content,
          [one, state.content.nodes[next(state.content.nodes.length)]].flatMap((each) => each?.id ?? []),
        );
        if (part) pastePart(draft, part, next(4) === 0 ? [] : [place]);
      },
      (draft: DraftContent) => one && removeWithBranches(draft, [one.id], waysOut(draft, [one.id])[0]?.target ?? null),
      (draft: DraftContent) => one && switchSteps(draft, [one.id]),
      (draft: DraftContent) => one && replaceStep(draft, one.id, types[next(types.length)] as NodeType),
    ][next(8)] as (draft: DraftContent) => void;
    state = change(state.content, state.history, { label: "random", recipe, at: count * 10_000 }) ?? state;
    const ids = state.content.nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // No operation but the settings of a step can make a flow worse than it was.
    expect(structural(state.content)).toEqual([]);
    for (const { source, target } of state.content.edges) expect([ids.includes(source), ids.includes(target)]).toEqual([true, true]);
    const rows = outlineRows(state.content).flatMap((row) => (row.kind === "step" ? [row.node.id] : []));
    expect(rows.toSorted()).toEqual(ids.toSorted());
  }
  const end = state;
  for (let undone = undo(state.content, state.history); undone; undone = undo(state.content, state.history)) state = undone;
  expect(state.content).toEqual(start);
  for (let redone = redo(state.content, state.history); redone; redone = redo(state.content, state.history)) state = redone;
  expect(state.content).toEqual(end.content);
});
