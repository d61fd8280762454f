import { type RawBuilder, sql } from "kysely";
import type { ExecutionMove } from "#contract/executions.ts";
import type { Db } from "../client.ts";

/** The moves of an execution between versions of its flow, the first one first. */
export async function listMoves(
  db: Db,
  { workspaceId, executionId }: { workspaceId: string; executionId: string },
): Promise<ExecutionMove[]> {
  const { rows } = await sql<{
    moved_at: Date;
    visit: number;
    action: ExecutionMove["action"];
    from_version_id: string;
    from_version: number;
    from_node_id: string | null;
    to_version_id: string;
    to_version: number;
    to_node_id: string | null;
  }>`
    select m.moved_at, m.visit, m.action, m.from_version_id, v.number as from_version, m.from_node_id,
      p.version_id as to_version_id, t.number as to_version, m.to_node_id
    from flow_execution_moves m
    join flow_publications p on p.workspace_id = m.workspace_id and p.id = m.publication_id
    join flow_versions v on v.workspace_id = m.workspace_id and v.id = m.from_version_id
    join flow_versions t on t.workspace_id = m.workspace_id and t.id = p.version_id
    where m.workspace_id = ${workspaceId} and m.flow_execution_id = ${executionId}::uuid
    order by p.seq`.execute(db);
  return rows.map((row) => ({
    at: row.moved_at.toISOString(),
    afterVisit: row.visit,
    action: row.action,
    from: { versionId: row.from_version_id, version: row.from_version, nodeId: row.from_node_id },
    to: { versionId: row.to_version_id, version: row.to_version, nodeId: row.to_node_id },
  }));
}

/** The version in which a step `s` of an execution `e` was taken: what it followed before the first move that came after the step. */
export const versionOfStep: RawBuilder<string> = sql`coalesce(
  (select m.from_version_id from flow_execution_moves m
    join flow_publications p on p.workspace_id = m.workspace_id and p.id = m.publication_id
    where m.workspace_id = e.workspace_id and m.flow_execution_id = e.id and m.visit >= s.visit order by p.seq limit 1),
  e.flow_version_id)`;
