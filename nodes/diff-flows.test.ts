import { expect, test } from "vitest";
import { diffFlows, type FlowContent } from "./diff-flows.ts";

const branch = (id: string, name: string) => ({ id, name, tests: [{ field: "first_name", operator: "is_empty" }] });
const content = (more: Partial<FlowContent> = {}): FlowContent => ({
  name: "Flow",
  nodes: [
    { id: "start", type: "start", position: { x: 0, y: 0 }, data: {} },
    { id: "way", type: "condition", position: { x: 0, y: 90 }, data: { config: { branches: [branch("a", "A"), branch("b", "B")] } } },
  ],
  edges: [{ id: "e", source: "start", target: "way" }],
  settings: { quiet: { from: "22:00" } },
  ...more,
});
const withBranches = (...branches: object[]) =>
  content({ nodes: content().nodes.map((node) => (node.id === "way" ? { ...node, data: { config: { branches } } } : node)) });

test("equal contents have no differences, wherever their steps stand and whatever their edges are called", () => {
  const moved = content({
    nodes: content().nodes.map((node) => ({ ...node, position: { x: 7, y: 7 } })),
    edges: [{ id: "other", source: "start", sourceHandle: null, target: "way" }],
  });
  expect(diffFlows(content(), moved)).toEqual([]);
});

test("items of a list are told apart by their ids, so a branch that was renamed is one change at its name", () => {
  expect(diffFlows(content(), withBranches(branch("a", "A"), branch("b", "Better")))).toEqual([
    { kind: "node_changed", nodeId: "way", path: "data.config.branches.b.name", from: "B", to: "Better" },
  ]);
});

test("an order that means something is told, as the ids before and after", () => {
  expect(diffFlows(content(), withBranches(branch("b", "B"), branch("a", "A")))).toEqual([
    { kind: "node_changed", nodeId: "way", path: "data.config.branches", from: ["a", "b"], to: ["b", "a"] },
  ]);
});

test("what was added has no value before, and what was taken away none after", () => {
  const [added] = diffFlows(content(), withBranches(branch("a", "A"), branch("b", "B"), branch("c", "C")));
  expect(added).toEqual({ kind: "node_changed", nodeId: "way", path: "data.config.branches.c", to: branch("c", "C") });
  const [removed] = diffFlows(content(), withBranches(branch("a", "A")));
  expect(removed).toEqual({ kind: "node_changed", nodeId: "way", path: "data.config.branches.b", from: branch("b", "B") });
});

test("steps, exits, the name and settings", () => {
  const start = { id: "start", type: "start", position: { x: 0, y: 0 }, data: {} };
  const other = content({
    name: "New",
    nodes: [start, { id: "end", type: "end", position: { x: 0, y: 0 }, data: {} }],
    edges: [{ id: "e", source: "start", target: "end" }],
    settings: { quiet: { from: "21:00" } },
  });
  expect(diffFlows(content(), other)).toEqual([
    { kind: "name", from: "Flow", to: "New" },
    { kind: "setting", path: "quiet.from", from: "22:00", to: "21:00" },
    { kind: "node_removed", nodeId: "way" },
    { kind: "node_added", nodeId: "end" },
    { kind: "edge_removed", nodeId: "start", exit: null, target: "way" },
    { kind: "edge_added", nodeId: "start", exit: null, target: "end" },
  ]);
});
