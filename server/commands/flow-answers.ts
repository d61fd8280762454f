import type { Flow, FlowSummary, FlowTemplate as FlowTemplateAnswer } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { toGraph } from "#db/queries/flow-rows.ts";
import type { FlowListRow, FlowRow } from "#db/queries/flows.ts";
import { listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { findDefinition } from "#nodes/definitions.ts";
import type { FlowTemplate } from "../templates/flow-templates.ts";
import { findArchivedFlows } from "./archived-flows.ts";
import { judgeGraph } from "./judge-graph.ts";
import { channelsOf, judgeFlows } from "./judged-flows.ts";

/** Adds to a stored flow what the node types know about it. */
export async function toFlow(db: Tx, workspaceId: string, { nodes, edges, ...row }: FlowRow): Promise<Flow> {
  const leadStatuses = await listLeadStatuses(db, { workspaceId });
  const graph = toGraph({ nodes, edges });
  // What is live goes on being sent; only the steps that start the archived flow fail.
  const archived = (await findArchivedFlows(db, { workspaceId, nodes: graph.nodes })).map((problem) => ({
    ...problem,
    severity: "warning" as const,
  }));
  return { ...row, ...graph, problems: [...judgeGraph(workspaceId, { nodes, edges }, row.id, { leadStatuses }), ...archived] };
}

/** The flows of a list with what their graphs say. */
export async function toFlowSummaries(db: Tx, workspaceId: string, rows: readonly FlowListRow[]): Promise<FlowSummary[]> {
  const judged = await judgeFlows(db, workspaceId, rows);
  return rows.flatMap(({ version: _, ...row }): FlowSummary[] => {
    const flow = judged.get(row.id);
    // It was deleted while others were judged.
    if (!flow) return [];
    const { stepCount, problemCount, channels } = flow;
    // A flow without steps has no problems, but it cannot be sent either.
    return [{ ...row, stepCount, canStart: problemCount === 0 && stepCount > 0, problemCount, channels }];
  });
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
