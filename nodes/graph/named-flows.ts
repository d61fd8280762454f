import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "../definitions.ts";
import { noFlow } from "../values/no-flow.ts";
import { textsAt } from "./texts-at.ts";

/**
 * The other flows that a graph names, each with the node that names it and the place of its configuration. A node that is not
 * set up names none.
 */
export function namedFlows(nodes: readonly FlowNode[]): { nodeId: string; field: string; flowId: string }[] {
  return nodes.flatMap(({ id: nodeId, type, data }) => {
    const definition = findDefinition(type);
    if (!definition?.config.safeParse(data.config ?? {}).success) return [];
    return textsAt(data.config, definition.names?.flows ?? [])
      .filter(({ text }) => text !== noFlow)
      .map(({ at: field, text }) => ({ nodeId, field, flowId: text.toLowerCase() }));
  });
}
