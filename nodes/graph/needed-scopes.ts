import type { FlowNode } from "#contract/flows.ts";
import type { Scope } from "#contract/people.ts";
import { findDefinition } from "../definitions.ts";

/** The scopes that a graph needs from whoever saves it or sends it along, each with the node that needs it. */
export function neededScopes(nodes: readonly FlowNode[]): { nodeId: string; label: string; scope: Scope }[] {
  return nodes.flatMap(({ id, type, data }) => {
    const definition = findDefinition(type);
    // A node of an unknown type or with a wrong configuration never runs: the check of the graph refuses it.
    const config = definition?.config.safeParse(data.config ?? {});
    if (!definition || !config?.success) return [];
    return definition.needs(config.data).map((scope) => ({ nodeId: id, label: data.label || definition.label, scope }));
  });
}
