import { type RawBuilder, sql } from "kysely";
import type { Execution } from "#contract/executions.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { enrollmentReason } from "./execution-reason.ts";
import { hasOwnGraph } from "./own-graph.ts";
import { waitsBehindFew } from "./send-going.ts";
import { nodesOfVersions } from "./version-nodes.ts";

/** Words for a node without a label of its own. */
export type LabelOfType = (nodeType: string) => string | undefined;

export interface ExecutionRow {
  id: string;
  position: number;
  flow_id: string;
  flow_name: string;
  has_own_graph: boolean;
  flow_version_id: string;
  send_id: string;
  contact_id: string | null;
  name: string | null;
  firstname: string;
  lastname: string;
  contact_in_bin: boolean;
  status: Execution["status"];
  source: Execution["source"] | null;
  send_source: Execution["source"];
  launched_by_name: string | null;
  launched_from: string | null;
  is_test: boolean;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  execution_time: number | null;
  current_node_id: string | null;
  node_label: string | null;
  node_type: string | null;
  wake_at: Date | null;
  waiting_for: Execution["waitingFor"];
  ended_reason: Execution["endedReason"];
  error_message: string | null;
  skipped_steps: number;
  reached: boolean;
  missed: Execution["missed"] | null;
  engine_run_id: string | null;
}

/** Reads what a history shows of the rows of a page. Each row must carry its `position`. */
export async function readExecutions(
  db: Db,
  { workspaceId, page }: { workspaceId: string; page: RawBuilder<unknown> },
): Promise<ExecutionRow[]> {
  const { rows } = await sql<ExecutionRow>`
    with page as materialized (${page}),
    nodes as materialized (${nodesOfVersions(workspaceId, sql`select distinct flow_version_id from page`)})
    select page.id, page.position, page.flow_id, flows.name as flow_name, ${hasOwnGraph(sql`s`)} as has_own_graph, page.flow_version_id, page.send_id,
      page.contact_id, c.name, c.firstname, c.lastname, c.deleted_at is not null as contact_in_bin, page.status, page.source, s.source as send_source,
      s.launched_by_name, s.launched_from, s.is_test, page.created_at, page.started_at, page.completed_at, page.execution_time,
      page.current_node_id, nodes.label as node_label, nodes.type as node_type, page.wake_at,
      case when ${waitsBehindFew({ execution: "page", send: "s" })} then 'hold' else page.waiting_for end as waiting_for, page.ended_reason,
      page.error_message, page.engine_run_id, page.reached, page.missed,
      (select count(*)::int from flow_execution_steps k
        where k.workspace_id = ${workspaceId} and k.flow_execution_id = page.id and k.status = 'skipped') as skipped_steps
    from page
    join private.flow_names flows on flows.workspace_id = ${workspaceId} and flows.id = page.flow_id
    join flow_sends s on s.workspace_id = ${workspaceId} and s.id = page.send_id
    left join private.contact_names c on c.workspace_id = ${workspaceId} and c.id = page.contact_id
    left join nodes on nodes.version_id = page.flow_version_id and nodes.node_id = page.current_node_id
    order by page.position desc, page.id desc`.execute(db);
  return rows;
}

/** The words and addresses that the database does not know. */
export interface ExecutionWords {
  labelOfType: LabelOfType;
  linkRun(runId: string): string;
}

export const toExecution =
  ({ labelOfType, linkRun }: ExecutionWords) =>
  (row: ExecutionRow): Execution => {
    const source = row.source ?? row.send_source;
    return {
      id: row.id,
      flowId: row.flow_id,
      flowName: row.flow_name,
      ...(row.has_own_graph && { hasOwnGraph: true as const }),
      flowVersionId: row.flow_version_id,
      sendId: row.send_id,
      contactId: row.contact_id,
      contactName: row.contact_id === null ? null : displayName(row),
      contactInBin: row.contact_in_bin,
      status: row.status,
      source,
      reason: enrollmentReason({ source, launchedFrom: row.launched_from, launchedByName: row.launched_by_name }),
      launchedByName: row.launched_by_name,
      isTest: row.is_test,
      enrolledAt: row.created_at.toISOString(),
      startedAt: row.started_at?.toISOString() ?? null,
      completedAt: row.completed_at?.toISOString() ?? null,
      executionTime: row.execution_time,
      currentNodeId: row.current_node_id,
      currentNodeLabel: row.node_label || (row.node_type ? (labelOfType(row.node_type) ?? row.node_type) : null),
      wakeAt: row.wake_at?.toISOString() ?? null,
      waitingFor: row.waiting_for,
      endedReason: row.ended_reason,
      errorMessage: row.error_message,
      skippedSteps: row.skipped_steps,
      reached: row.reached,
      missed: row.missed ?? [],
      engineRun: row.engine_run_id === null ? null : { id: row.engine_run_id, url: linkRun(row.engine_run_id) },
    };
  };
