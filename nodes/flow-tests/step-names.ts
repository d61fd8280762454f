import type { TestedGraph } from "#contract/flow-tests.ts";
import { findDefinition } from "../definitions.ts";

/** Tells a step by its name in quotes. A step that is gone is told by the name it had, where another graph still has it. */
export type NameStep = (nodeId: string) => string;

export function stepNames(graph: Pick<TestedGraph, "nodes">, before: Pick<TestedGraph, "nodes"> = { nodes: [] }): NameStep {
  const nodes = new Map([...before.nodes, ...graph.nodes].map((node) => [node.id, node]));
  return (nodeId) => {
    const node = nodes.get(nodeId);
    return node ? `“${node.data.label || findDefinition(node.type)?.label || node.type}”` : "a step that was removed";
  };
}
