import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** The columns of a step, in the order of `stepValues`. */
export const stepColumns = sql`flow_execution_id, workspace_id, node_id, node_type, visit, attempt, status, exit, reason, result,
  error_message, wake_at, started_at, completed_at, created_at`;

/**
 * The values of a step from the table `t`, whose times are microseconds since 1970. Steps of one pass share a moment,
 * so the visit is added in microseconds: the history is read in the order of created_at and must come out as walked.
 */
export const stepValues = (workspaceId: RawBuilder<unknown>) => sql`t.execution_id, ${workspaceId}, t.node_id, t.node_type, t.visit,
  t.attempt, t.status, t.exit, t.reason, t.result::jsonb, t.error_message, to_timestamp(t.wake_at / 1000000),
  to_timestamp(t.started_at / 1000000), to_timestamp(t.completed_at / 1000000),
  to_timestamp(t.started_at / 1000000) + t.visit * interval '1 microsecond'`;
