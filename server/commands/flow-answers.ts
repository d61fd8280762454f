import type { Flow, FlowSummary } from "#contract/flows.ts";
import { toGraph } from "#db/queries/flow-rows.ts";
import type { FlowListRow, FlowRow } from "#db/queries/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";

/** A stored flow with what the node types know about it. */
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
    // A flow that was only just begun has nothing wrong with it, and nothing to send either.
    canStart: problemCount === 0 && list.length > 0,
    problemCount,
    channels: [...channels].toSorted().reverse(),
  };
}

/** Words for a node that its author gave no label. */
export const labelOfNodeType = (type: string): string | undefined => findDefinition(type)?.label;

function channelOf(node: unknown) {
  const type = typeof node === "object" && node !== null && "type" in node ? node.type : undefined;
  return typeof type === "string" ? findDefinition(type)?.channel : undefined;
}
