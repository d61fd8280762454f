import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { StepStatus } from "#contract/executions.ts";
import type { StepCount, StepCountQuery, StepCounts } from "#contract/step-counts.ts";
import type { Db } from "../client.ts";
import { isOfTests } from "./executions.ts";

interface Row {
  node_id: string;
  status: StepStatus;
  exit: string | null;
  is_open: boolean;
  count: number;
}

/**
 * Counts what became of a flow's executions at each step. It looks at the last visit of each execution to a step, as the
 * filters of the history do, so that a number and the list behind it are the same.
 */
export async function countSteps(
  db: Db,
  { workspaceId, flowId, sendId, versionId, from, to, testRuns }: StepCountQuery & { workspaceId: string; flowId: string },
): Promise<StepCounts> {
  const conditions: RawBuilder<SqlBool>[] = [sql`e.workspace_id = ${workspaceId}`, sql`e.flow_id = ${flowId}::uuid`];
  if (sendId) conditions.push(sql`e.send_id = ${sendId}::uuid`);
  if (versionId) conditions.push(sql`e.flow_version_id = ${versionId}::uuid`);
  if (testRuns) conditions.push(isOfTests(testRuns));
  if (from) conditions.push(sql`e.created_at >= ${from}::timestamptz`);
  if (to) conditions.push(sql`e.created_at < ${to}::timestamptz`);
  const { rows } = await sql<Row>`
    select last.node_id, last.status, last.exit, last.is_open, count(*)::int as count from (
      select distinct on (k.flow_execution_id, k.node_id) k.node_id, k.status, k.exit, e.status in ('pending', 'running') as is_open
      from flow_executions e join flow_execution_steps k on k.workspace_id = ${workspaceId} and k.flow_execution_id = e.id
      where ${sql.join(conditions, sql` and `)}
      order by k.flow_execution_id, k.node_id, k.visit desc, k.attempt desc) last
    group by last.node_id, last.status, last.exit, last.is_open`.execute(db);
  const steps: Record<string, StepCount> = Object.create(null);
  for (const row of rows) {
    steps[row.node_id] ??= { waiting: 0, passed: 0, skipped: 0, failed: 0, exits: Object.create(null) };
    addTo(steps[row.node_id] as StepCount, row);
  }
  return { steps };
}

function addTo(step: StepCount, { status, exit, is_open, count }: Row): void {
  if (status === "completed") step.passed += count;
  else if (status === "skipped" || status === "failed") step[status] += count;
  // A step that is open in an execution which has ended was left unfinished: nobody waits there.
  else if (is_open) step.waiting += count;
  if (exit !== null) step.exits[exit] = (step.exits[exit] ?? 0) + count;
}
