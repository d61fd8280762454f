import { foldName } from "#contract/fold.ts";
import type { FlowNaming } from "#contract/lead-statuses.ts";
import type { Tx } from "#db/client.ts";
import { listFlowGraphs, listFlowsMentioning } from "#db/queries/flows.ts";
import { namedStatuses } from "#nodes/graph/named-statuses.ts";
import { oneByOne } from "./one-by-one.ts";

/** The flows that test or set a lead status by this name, in whatever spelling. */
export async function flowsNamingStatus(db: Tx, workspaceId: string, status: string): Promise<FlowNaming[]> {
  const folded = foldName(status);
  const flows = await listFlowsMentioning(db, { workspaceId, pattern: "%lead_status%" });
  const naming = new Set<string>();
  const read = (some: readonly FlowNaming[]) => listFlowGraphs(db, { workspaceId, ids: some.map(({ id }) => id) });
  for await (const { id, nodes } of oneByOne(flows, read))
    if (namedStatuses(nodes).some((name) => foldName(name) === folded)) naming.add(id);
  return flows.filter(({ id }) => naming.has(id));
}
