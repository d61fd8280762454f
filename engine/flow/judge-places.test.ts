import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { chain, edge, graph, node, sms, wait } from "#test/graphs.ts";
import { readyFlow } from "./flow-graph.ts";
import { judgePlaces, notBegun } from "./judge-places.ts";

const judge = (from: FlowGraph, to: FlowGraph) => judgePlaces(readyFlow(from, nodeRegistry), readyFlow(to, nodeRegistry));
const before = chain(node("start"), wait(3600), sms("Hi"));

describe("whoever waits", () => {
  test("at a step that is gone must be decided upon, and the next step that is there is proposed", () => {
    const places = judge(before, chain(node("start"), sms("Hi")));
    expect(places.get("delay")).toMatchObject({ fate: "gone", proposed: null, healedTo: "sms" });
    expect(places.get("sms")).toMatchObject({ fate: "same", changes: [] });
  });

  test("before a text that was changed follows, and before a delay that was changed stays", () => {
    expect(judge(before, chain(node("start"), wait(3600), sms("Hello"))).get("delay")).toMatchObject({
      fate: "changed",
      proposed: "follow",
      changes: [{ kind: "content", nodeId: "sms" }],
    });
    expect(judge(before, chain(node("start"), wait(60), sms("Hi"))).get(notBegun)).toMatchObject({ fate: "changed", proposed: "stay" });
  });

  test("is told once of a step that was put before one to which several ways lead", () => {
    const choose = node("condition", { branches: [{ id: "yes", tests: [{ field: "email", operator: "is_not_empty" }] }] });
    const edges = ["start > condition", "condition:yes > sms", "condition:otherwise > sms"].map(edge);
    const from = { nodes: [node("start"), choose, sms("Hi")], edges };
    const to = graph(
      [node("start"), choose, wait(60), sms("Hi")],
      "start > condition",
      "condition:yes > delay",
      "condition:otherwise > delay",
      "delay > sms",
    );
    expect(judge(from, to).get("condition")?.changes).toEqual([{ kind: "step_added", nodeId: "delay" }]);
  });
});

test("each change of a large flow is told once to each place before it, however many ways lead through it", () => {
  const many = 200;
  const exits = ["b0", "b1", "otherwise"];
  const condition = (n: number, value: string) => {
    const branches = ["b0", "b1"].map((id) => ({ id, label: "", match: "all", tests: [{ field: "email", operator: "is", value }] }));
    return node("condition", { branches }, `c${n}`);
  };
  const all = (value: string) => Array.from({ length: many }, (_, n) => condition(n, value));
  const steps = Array.from({ length: many }, (_, n) => n);
  const ways = (target: (n: number) => string) => steps.slice(0, -1).flatMap((n) => exits.map((exit) => `c${n}:${exit} > ${target(n)}`));
  const from = graph([node("start"), ...all("a")], "start > c0", ...ways((n) => `c${n + 1}`));
  const added = steps.map((n) => wait(60, `w${n}`));
  const between = steps.map((n) => `w${n} > ${n === many - 1 ? "c0" : `w${n + 1}`}`);
  const to = graph([node("start"), ...all("b"), ...added], "start > w0", ...ways(() => "w0"), ...between);
  const places = judge(from, to);
  // Every condition was changed and leads elsewhere, and behind each is every new step.
  const changes = places.get("start")?.changes ?? [];
  expect(changes).toHaveLength(new Set(changes.map(({ kind, nodeId }) => `${kind} ${nodeId}`)).size);
  expect(changes.filter(({ kind }) => kind === "step_added")).toHaveLength(many);
  expect(changes.length).toBeLessThanOrEqual(3 * many);
});
