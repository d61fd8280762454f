import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "../definitions.ts";

/** The other flows that a graph names, each with the node that names it. A node that is not set up names none. */
export function namedFlows(nodes: readonly FlowNode[]): { nodeId: string; flowId: string }[] {
  return nodes.flatMap(({ id, type, data }) => {
    const definition = findDefinition(type);
    const config = definition?.config.safeParse(data.config ?? {});
    if (!config?.success) return [];
    return (definition?.flowIds?.(config.data) ?? []).map((flowId) => ({ nodeId: id, flowId: flowId.toLowerCase() }));
  });
}
