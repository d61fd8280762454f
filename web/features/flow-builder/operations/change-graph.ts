import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { edgeAt, exitsOf, type Graph, type Place, usualExit } from "./exits.ts";

// The operations on a graph. Each changes the graph it is given in place, which is how the draft's recipes work, and keeps
// what every contact gets as it was, but for what the operation says.

let made = 0;
export const newId = (type: string) =>
  `${type}_${Date.now().toString(36)}${(made++).toString(36)}${Math.random().toString(36).slice(2, 6)}`;

export function newNode(type: string): FlowNode {
  const definition = findDefinition(type);
  const config = structuredClone(definition?.defaults ?? {}) as Record<string, unknown>;
  return { id: newId(type), type, position: { x: 0, y: 0 }, data: { config } };
}

/** Leads an exit to a step, or nowhere. An exit has one edge, so it takes the place of the one before. */
export function connect(graph: Graph, { source, exit }: Place, target: string | null): void {
  const before = edgeAt(graph, { source, exit });
  if (before?.target === target) return;
  if (before) graph.edges = graph.edges.filter(({ id }) => id !== before.id);
  if (target === null) return;
  const node = graph.nodes.find(({ id }) => id === source);
  const handle: Pick<FlowEdge, "sourceHandle"> =
    node && usualExit(node) === exit && exitsOf(node).length === 1 ? {} : { sourceHandle: exit };
  graph.edges.push({ id: newId("edge"), source, target, ...handle });
}
