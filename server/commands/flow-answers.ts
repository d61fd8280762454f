import type { Flow, FlowSummary } from "#contract/flows.ts";
import { toGraph } from "#db/queries/flow-rows.ts";
import type { FlowListRow, FlowRow } from "#db/queries/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";

/** Adds to a stored flow what the node types know about it. */
export function toFlow({ nodes, edges, ...row }: FlowRow): Flow {
  return { ...row, ...toGraph({ nodes, edges }), problems: validateFlow({ nodes, edges }, row.id) };
}

export function toFlowSummary({ nodes, edges, ...row }: FlowListRow): FlowSummary {
  const list = Array.isArray(nodes) ? nodes : [];
  const problemCount = validateFlow({ nodes, edges }, row.id).filter(({ severity }) => severity === "error").length;
  const channels = new Set(list.flatMap((node) => channelOf(node) ?? []));
  return {
    ...row,
    stepCount: list.length,
    // A flow without steps has no problems, but it cannot be sent either.
    canStart: problemCount === 0 && list.length > 0,
    problemCount,
    channels: [...channels].toSorted().reverse(),
  };
}

/** The label of a node that its author gave none. */
export const labelOfNodeType = (type: string): string | undefined => findDefinition(type)?.label;

function channelOf(node: unknown) {
  const type = typeof node === "object" && node !== null && "type" in node ? node.type : undefined;
  return typeof type === "string" ? findDefinition(type)?.channel : undefined;
}
