import type { TestedGraph } from "#contract/flow-tests.ts";
import { findDefinition } from "../definitions.ts";

/** Tells a step by its name in quotes. A step that is gone is told by the name it had, where another graph still has it. */
export interface NameStep {
  (nodeId: string): string;
  /** Tells an exit of a step by its name in quotes. */
  exit(nodeId: string, handle: string): string;
}

export function stepNames(graph: Pick<TestedGraph, "nodes">, before: Pick<TestedGraph, "nodes"> = { nodes: [] }): NameStep {
  const nodes = new Map([...before.nodes, ...graph.nodes].map((node) => [node.id, node]));
  const exit = (nodeId: string, handle: string) => {
    const node = nodes.get(nodeId);
    const definition = node && findDefinition(node.type);
    const config = definition?.config.safeParse(node?.data.config ?? {});
    const exits = config?.success ? definition?.exits(config.data) : undefined;
    return `“${exits?.find((one) => one.handle === handle)?.label ?? handle}”`;
  };
  const step = (nodeId: string) => {
    const node = nodes.get(nodeId);
    return node ? `“${node.data.label || findDefinition(node.type)?.label || node.type}”` : "a step that was removed";
  };
  return Object.assign(step, { exit });
}
