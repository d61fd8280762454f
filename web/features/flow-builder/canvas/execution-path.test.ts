import { describe, expect, it } from "vitest";
import type { Step } from "#contract/executions.ts";
import type { FlowGraph } from "#contract/flows.ts";
import { buildStep } from "#test/build-history.ts";
import { pathOf, visitsOf } from "./execution-path.ts";

const step = (visit: number, nodeId: string, more: Partial<Step> = {}): Step => buildStep({ visit, nodeId, exit: null, ...more });

const graph: FlowGraph = {
  nodes: ["start", "check", "sms", "end"].map((id) => ({ id, type: "delay", position: { x: 0, y: 0 }, data: {} })),
  edges: [
    { id: "e1", source: "start", target: "check" },
    { id: "yes", source: "check", target: "sms", sourceHandle: "yes" },
    { id: "again", source: "check", target: "sms", sourceHandle: "again" },
    { id: "no", source: "check", target: "end", sourceHandle: "no" },
    { id: "back", source: "sms", target: "check" },
    { id: "e2", source: "sms", target: "end" },
  ],
};

describe("the path of an execution", () => {
  it("is empty before the first step", () => {
    expect(pathOf(graph, [])).toEqual({ nodes: new Map(), edges: new Set(), strangers: [] });
  });

  it("follows the exit that was taken when two edges lead to the same node", () => {
    const path = pathOf(graph, [step(1, "start"), step(2, "check", { exit: "again" }), step(3, "sms", { status: "waiting" })]);
    expect([...path.edges]).toEqual(["e1", "again"]);
    expect(path.nodes.get("sms")).toEqual({ order: [3], status: "waiting" });
    expect(path.nodes.has("end")).toBe(false);
  });

  it("numbers every visit of a node in a loop and shows how the last one stands", () => {
    const path = pathOf(graph, [
      step(1, "check", { exit: "yes" }),
      step(2, "sms", { status: "failed" }),
      step(3, "check", { exit: "no" }),
      step(4, "end"),
    ]);
    expect(path.nodes.get("check")).toEqual({ order: [1, 3], status: "completed" });
    expect([...path.edges]).toEqual(["yes", "back", "no"]);
  });

  it("counts a repeated attempt as one visit, by its last attempt, in whatever order the steps arrive", () => {
    const steps = [step(2, "sms", { attempt: 2, status: "completed" }), step(2, "sms", { attempt: 1, status: "failed" }), step(1, "check")];
    expect(visitsOf(steps).map((each) => [each.nodeId, each.attempt])).toEqual([
      ["check", 1],
      ["sms", 2],
    ]);
  });

  it("names a node that the graph does not have instead of dropping it", () => {
    expect(pathOf(graph, [step(1, "gone")]).strangers).toEqual(["gone"]);
    // The visits that it made in an earlier version are counted.
    expect(pathOf(graph, [step(4, "sms")], 3).nodes.get("sms")?.order).toEqual([4]);
  });
});
