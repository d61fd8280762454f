import type { ColumnType, Generated } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Json } from "./json.ts";

export interface FlowSendsTable {
  id: Generated<string>;
  workspace_id: string;
  flow_id: string;
  flow_version_id: string;
  source: Generated<string>;
  state: Generated<string>;
  /** A `Selection`, or `{"type":"started_by_flow"}` for a send whose executions another flow starts one by one. */
  selection: ColumnType<Json, string, string>;
  options: ColumnType<Json, string | undefined, string>;
  is_test: Generated<boolean>;
  launched_by: string | null;
  launched_by_name: string | null;
  launched_from: string | null;
  chunk_size: Generated<number>;
  not_later_than: Date | null;
  lanes: Generated<number>;
  expected: Generated<number>;
  enrolled: Generated<number>;
  not_enrolled: Generated<number>;
  completed: Generated<number>;
  failed: Generated<number>;
  partial_failure: Generated<number>;
  cancelled: Generated<number>;
  created_at: Generated<Date>;
  enrolled_at: Date | null;
  ended_at: Date | null;
  undo_until: Date | null;
  start: ColumnType<Json, string | null | undefined, string | null>;
  start_at: Date | null;
  drip: ColumnType<Json, string | null | undefined, string | null>;
  next_at: Date | null;
  drip_round_at: Date | null;
  drip_used: Generated<number>;
  changed_at: Date | null;
  changed_by: string | null;
  changed_by_name: string | null;
  parent_send_id: string | null;
  /** The send that a person or program made, for the sends that flows make below it. */
  root_send_id: string | null;
  parent_waits: Generated<boolean>;
  address_scope: string | null;
  /** Null: the send is older than the counters. */
  reached: ColumnType<number | null, number | undefined, number>;
  unreached: ColumnType<number | null, number | undefined, number>;
  completed_unreached: ColumnType<number | null, number | undefined, number>;
  captured: ColumnType<number | null, number | undefined, number>;
  completed_captured: ColumnType<number | null, number | undefined, number>;
  seen_publication: number | null;
  /** When the guard rail for e-mail paused it. */
  guarded_at: Date | null;
  /** The forecast that the person was shown. */
  forecast_id: string | null;
  saved_launch_id: string | null;
  /** The last press that sends to those who can be reached now: `Press` of the engine. */
  healing: ColumnType<Json, string | null | undefined, string | null>;
  /** An approved send with a planned start is enrolled then, and not before. Null: it is enrolled, or about to be. */
  enroll_after: Date | null;
}

/** The approval that a send needs or needed. */
export interface SendApprovalsTable {
  send_id: string;
  workspace_id: string;
  state: Generated<string>;
  round: Generated<number>;
  hash: string;
  /** The hash of the flow as it was live; null for a send that brought a graph of its own. */
  flow_hash: string | null;
  contacts: number;
  asked_at: Date;
  /** The person behind it: of an API key its maker. */
  asked_by: string | null;
  asked_by_name: string | null;
  returned_because: string | null;
  returned_at: Date | null;
  contacts_before: number | null;
  decided_at: Date | null;
  decided_by: string | null;
  decided_by_name: string | null;
  comment: string | null;
  /** Values of single contacts by their ids, until they are enrolled. */
  own_values: ColumnType<Json, string | null | undefined, string | null>;
  /** The version of each flow that an approved send starts, by the id of the flow. */
  started_flows: ColumnType<Json, string | null | undefined, string | null>;
}

export interface SendCanariesTable {
  send_id: string;
  workspace_id: string;
  contacts: number | null;
  percent: number | null;
  minutes: number;
  failure_percent: number;
  opt_out_percent: number;
  has_messages: boolean;
  few: number | null;
  few_begin_by: Date | null;
  /** A `CanarySeen`. */
  seen: ColumnType<Json, string | undefined, string>;
  watched_since: Date | null;
  held_at: Date | null;
  /** A list of `CanaryFinding`. */
  held_for: ColumnType<Json | null, string | null | undefined, string | null>;
  opened_at: Date | null;
  opened_by: string | null;
  opened_by_name: string | null;
}

export interface CanaryExecutionsTable {
  flow_execution_id: string;
  send_id: string;
  workspace_id: string;
}

export interface SendMessageCountsTable {
  send_id: string;
  workspace_id: string;
  channel: Channel;
  outcome: string;
  reason: Generated<string>;
  count: number;
}

export interface FlowSendSkipsTable {
  send_id: string;
  workspace_id: string;
  contact_id: string;
  reason: string;
  created_at: Generated<Date>;
  /** The values of a contact who was to have values of their own; empty where others of the send have such. */
  variables: ColumnType<Json, string | null | undefined, string | null>;
}

export interface SendLanesTable {
  send_id: string;
  lane: number;
  workspace_id: string;
  from_seq: number;
  ready_at: Date;
  turn_id: string | null;
  upto_seq: number | null;
  tries: Generated<number>;
  failures: Generated<number>;
  served_at: Date;
}

export interface SavedLaunchesTable {
  id: Generated<string>;
  workspace_id: string;
  flow_id: string;
  name: string;
  is_shared: Generated<boolean>;
  /** `SavedTerms`. */
  terms: ColumnType<Json, string, string>;
  made_by: string | null;
  made_by_name: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}
