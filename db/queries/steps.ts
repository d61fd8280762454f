import { sql } from "kysely";
import type { Step } from "#contract/executions.ts";
import type { Db } from "../client.ts";
import { versionOfStep } from "./execution-moves.ts";
import type { LabelOfType } from "./execution-rows.ts";
import { nodesOfVersions } from "./version-nodes.ts";

export interface StepRow {
  id: string;
  node_id: string;
  node_type: string;
  node_label: string | null;
  visit: number;
  attempt: number;
  status: Step["status"];
  exit: string | null;
  reason: Step["reason"];
  result: Step["result"];
  error_message: string | null;
  wake_at: Date | null;
  started_at: Date;
  completed_at: Date | null;
}

/** In the order they were taken; undefined when there is no such execution. */
export async function listSteps(
  db: Db,
  { workspaceId, executionId, labelOfType }: { workspaceId: string; executionId: string; labelOfType: LabelOfType },
): Promise<Step[] | undefined> {
  const { rows } = await sql<StepRow | { id: null }>`
    with nodes as materialized (${nodesOfVersions(
      workspaceId,
      sql`select flow_version_id from flow_executions where workspace_id = ${workspaceId} and id = ${executionId}::uuid
        union
        select from_version_id from flow_execution_moves where workspace_id = ${workspaceId} and flow_execution_id = ${executionId}::uuid`,
    )})
    select s.id, s.node_id, s.node_type, nodes.label as node_label, s.visit, s.attempt, s.status, s.exit, s.reason, s.result,
      s.error_message, s.wake_at, s.started_at, s.completed_at
    from flow_executions e
    left join flow_execution_steps s on s.workspace_id = e.workspace_id and s.flow_execution_id = e.id
    left join lateral (select ${versionOfStep} as id) taken on s.id is not null
    left join nodes on nodes.version_id = taken.id and nodes.node_id = s.node_id
    where e.workspace_id = ${workspaceId} and e.id = ${executionId}::uuid
    order by s.visit, s.attempt`.execute(db);
  if (rows.length === 0) return undefined;
  return rows.filter((row) => row.id !== null).map((row) => toStep(row, executionId, labelOfType));
}

export const toStep = (row: StepRow, executionId: string, labelOfType: LabelOfType): Step => ({
  id: row.id,
  executionId,
  nodeId: row.node_id,
  nodeType: row.node_type,
  nodeLabel: row.node_label || (labelOfType(row.node_type) ?? null),
  visit: row.visit,
  attempt: row.attempt,
  status: row.status,
  exit: row.exit,
  reason: row.reason,
  result: row.result,
  errorMessage: row.error_message,
  wakeAt: row.wake_at?.toISOString() ?? null,
  startedAt: row.started_at.toISOString(),
  completedAt: row.completed_at?.toISOString() ?? null,
});
