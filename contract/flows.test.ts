import { describe, expect, test } from "vitest";
import { FlowEdge, FlowInput, FlowNode, flowLimits, isDataKey } from "./flows.ts";

describe("a data key", () => {
  test.each(["", "A", "1a", "_a", "a-b", "a.b", "a b", "é", "a".repeat(41)])("is never %j", (key) => expect(isDataKey(key)).toBe(false));
  test.each(["a", "order_1", "a".repeat(40)])("may be %j", (key) => expect(isDataKey(key)).toBe(true));
});

describe("a flow that is saved is refused", () => {
  const flow = { name: "Welcome", nodes: [], edges: [] };
  test.each([
    ["without a name", { ...flow, name: "  " }],
    ["with a name of more than 200 characters", { ...flow, name: "x".repeat(201) }],
    ["with a field that it does not have", { ...flow, owner: "x" }],
    ["with a folder that has no id", { ...flow, folderId: "x" }],
    ["with more nodes than are allowed", { ...flow, nodes: Array(flowLimits.nodes + 1).fill({ id: "a", type: "start", data: {} }) }],
    ["with more edges than are allowed", { ...flow, edges: Array(flowLimits.edges + 1).fill({ id: "e", source: "a", target: "b" }) }],
  ])("%s", (_, input) => expect(FlowInput.safeParse(input).success).toBe(false));

  test("and otherwise taken, its name without the spaces around it", () => {
    expect(FlowInput.parse({ ...flow, name: " Welcome " }).name).toBe("Welcome");
  });
});

test("a node keeps what a drawing program adds to it, and stands somewhere even where it says nothing of a place", () => {
  const stored = { id: "a", type: "start", selected: true, data: { color: "red" } };
  expect(FlowNode.parse(stored)).toEqual({ ...stored, position: { x: 0, y: 0 } });
  expect(FlowNode.safeParse({ id: "a", type: "start" }).success).toBe(false);
  expect(FlowNode.safeParse({ id: "", type: "start", data: {} }).success).toBe(false);
});

test("an edge names the exit it leaves by, or none", () => {
  const edge = { id: "e", source: "a", target: "b" };
  for (const sourceHandle of ["yes", null, undefined]) expect(FlowEdge.safeParse({ ...edge, sourceHandle }).success).toBe(true);
  expect(FlowEdge.safeParse({ ...edge, sourceHandle: 1 }).success).toBe(false);
});
