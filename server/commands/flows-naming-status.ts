import { foldName } from "#contract/fold.ts";
import type { FlowNaming } from "#contract/lead-statuses.ts";
import type { Tx } from "#db/client.ts";
import { listFlowsMentioning } from "#db/queries/flows.ts";
import { namedStatuses } from "#nodes/graph/named-statuses.ts";

/** The flows that test or set a lead status by this name, in whatever spelling. */
export async function flowsNamingStatus(db: Tx, workspaceId: string, status: string): Promise<FlowNaming[]> {
  const folded = foldName(status);
  const flows = await listFlowsMentioning(db, { workspaceId, pattern: "%lead_status%" });
  return flows.filter(({ nodes }) => namedStatuses(nodes).some((name) => foldName(name) === folded)).map(({ id, name }) => ({ id, name }));
}
