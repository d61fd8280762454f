import type { ColumnType, Generated } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Json } from "./json.ts";

export interface FlowExecutionsTable {
  id: Generated<string>;
  flow_id: string | null;
  contact_id: string | null;
  workspace_id: string;
  status: Generated<string>;
  source: string | null;
  started_at: Date | null;
  completed_at: Date | null;
  result: ColumnType<Json, string | null | undefined, string | null>;
  error_message: string | null;
  execution_time: number | null;
  metadata: ColumnType<Json, string | null | undefined, string | null>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  send_id: string;
  seq: number;
  flow_version_id: string;
  current_node_id: string | null;
  visit: Generated<number>;
  attempt: Generated<number>;
  wake_at: Date | null;
  waiting_for: string | null;
  ended_reason: string | null;
  cancel_reason: string | null;
  engine_run_id: string | null;
  variables: ColumnType<Json | null, string | null | undefined, string | null>;
  parent_execution_id: string | null;
  parent_visit: number | null;
  parent_waits: Generated<boolean>;
  depth: Generated<number>;
  trigger_data: ColumnType<Json, string | null | undefined, string | null>;
  reached: Generated<boolean>;
  missed: string[] | null;
  retried_visit: number | null;
  seen_publication: number | null;
  skipped_visit: number | null;
  moved_visit: number | null;
}

export interface FlowExecutionStepsTable {
  id: Generated<string>;
  flow_execution_id: string;
  workspace_id: string;
  node_id: string;
  node_type: string;
  visit: number;
  attempt: Generated<number>;
  status: string;
  exit: string | null;
  reason: string | null;
  result: ColumnType<Json, string | null | undefined, string | null>;
  error_message: string | null;
  wake_at: Date | null;
  started_at: Generated<Date>;
  completed_at: Date | null;
  created_at: Generated<Date>;
  is_retried: Generated<boolean>;
}

export interface WakeUpsTable {
  flow_execution_id: string;
  workspace_id: string;
  flow_version_id: string;
  due_at: Date;
  node_id: string;
  generation: Generated<number>;
  turn_id: string | null;
  failures: Generated<number>;
  call: ColumnType<Json, string | null | undefined, string | null>;
  call_lease: Date | null;
  one_by_one: Generated<boolean>;
}

export interface WaitsTable {
  id: Generated<string>;
  workspace_id: string;
  flow_execution_id: string;
  contact_id: string;
  channel: Channel | null;
  event: string | null;
  node_id: string;
  created_at: Generated<Date>;
}
