import type { Flow, FlowSummary, FlowTemplate as FlowTemplateAnswer } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { toGraph } from "#db/queries/flow-rows.ts";
import type { FlowListRow, FlowRow } from "#db/queries/flows.ts";
import { listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import type { FlowTemplate } from "../templates/flow-templates.ts";
import { findArchivedFlows } from "./archived-flows.ts";

/** Adds to a stored flow what the node types know about it. */
export async function toFlow(db: Tx, workspaceId: string, { nodes, edges, ...row }: FlowRow): Promise<Flow> {
  const leadStatuses = await listLeadStatuses(db, { workspaceId });
  const graph = toGraph({ nodes, edges });
  // What is live goes on being sent; only the steps that start the archived flow fail.
  const archived = (await findArchivedFlows(db, { workspaceId, nodes: graph.nodes })).map((problem) => ({
    ...problem,
    severity: "warning" as const,
  }));
  return { ...row, ...graph, problems: [...validateFlow({ nodes, edges }, row.id, { leadStatuses }), ...archived] };
}

export function toFlowSummary({ nodes, edges, ...row }: FlowListRow): FlowSummary {
  const list = Array.isArray(nodes) ? nodes : [];
  const problemCount = validateFlow({ nodes, edges }, row.id).filter(({ severity }) => severity === "error").length;
  return {
    ...row,
    stepCount: list.length,
    // A flow without steps has no problems, but it cannot be sent either.
    canStart: problemCount === 0 && list.length > 0,
    problemCount,
    channels: channelsOf(list),
  };
}

export const toFlowTemplate = ({ id, description, needs, flow: { name, nodes, edges } }: FlowTemplate): FlowTemplateAnswer => ({
  id,
  name,
  description,
  needs,
  stepCount: nodes.length,
  channels: channelsOf(nodes),
  nodes,
  edges,
});

/** The label of a node that its author gave none. */
export const labelOfNodeType = (type: string): string | undefined => findDefinition(type)?.label;

const channelsOf = (nodes: readonly unknown[]) => [...new Set(nodes.flatMap((node) => channelOf(node) ?? []))].toSorted().reverse();

function channelOf(node: unknown) {
  const type = typeof node === "object" && node !== null && "type" in node ? node.type : undefined;
  return typeof type === "string" ? findDefinition(type)?.channel : undefined;
}
