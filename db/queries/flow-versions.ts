import type { Flow } from "#contract/flows.ts";
import type { Db } from "../client.ts";
import { toGraph } from "./flow-rows.ts";

export type FlowVersion = Pick<Flow, "id" | "name" | "nodes" | "edges"> & { flowId: string; number: number };

export async function findFlowVersion(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<FlowVersion | undefined> {
  const row = await db
    .selectFrom("flow_versions")
    .select(["id", "flow_id", "number", "name", "nodes", "edges"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row && { id: row.id, flowId: row.flow_id, number: row.number, name: row.name, ...toGraph(row) };
}
