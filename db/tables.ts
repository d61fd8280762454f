import type { ColumnType, Generated } from "kysely";
import type { ContactTexts } from "#contract/contact-fields.ts";
import type { Channel } from "#contract/messages.ts";

/**
 * One interface per table, columns named as in SQL; supabase/migrations is the truth and db/schema.sql its dump. JSON
 * is read parsed and written as text (JSON.stringify), so that an array never turns into a Postgres array by accident.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a JSON column holds is parsed by a schema where it is read.
export type Json = any;

export interface UsersTable {
  id: Generated<string>;
  name: string;
  email: string;
  email_verified: Generated<boolean>;
  image: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface SessionsTable {
  id: Generated<string>;
  user_id: string;
  token: string;
  expires_at: Date;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface AccountsTable {
  id: Generated<string>;
  user_id: string;
  account_id: string;
  provider_id: string;
  issuer: string | null;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Date | null;
  refresh_token_expires_at: Date | null;
  scope: string | null;
  password: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface VerificationsTable {
  id: Generated<string>;
  identifier: string;
  value: string;
  expires_at: Date;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface RateLimitsTable {
  id: Generated<string>;
  key: string;
  count: number;
  last_request: number;
}

export interface ClaimTable {
  only_row: Generated<boolean>;
  token_hash: Buffer;
  expires_at: Date;
  claimed_at: Date | null;
  claimed_by: string | null;
}

export interface WorkspacesTable {
  id: Generated<string>;
  name: string;
  time_zone: Generated<string>;
  country: Generated<string>;
  is_demo: Generated<boolean>;
  undo_seconds: Generated<number>;
  email_in_doubt: Generated<string>;
  sms_in_doubt: Generated<string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface WorkspaceMembersTable {
  workspace_id: string;
  user_id: string;
  kind: Generated<string>;
  role: string;
  created_at: Generated<Date>;
  last_used_at: Date | null;
}

export interface WorkspaceInvitationsTable {
  id: Generated<string>;
  workspace_id: string;
  email: string;
  role: string;
  token_hash: Buffer;
  invited_by: string;
  created_at: Generated<Date>;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
}

export interface ApiKeysTable {
  id: string;
  workspace_id: string;
  member_id: string;
  name: string;
  secret_hash: Buffer;
  scopes: string[];
  created_by: string | null;
  created_at: Generated<Date>;
  last_used_at: Date | null;
  expires_at: Date;
  revoked_at: Date | null;
}

export interface ContactsTable extends ContactTexts {
  id: Generated<string>;
  phone_number: string | null;
  workspace_id: string;
  metadata: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  phone_e164: string | null;
  sms_opted_out_at: Date | null;
  email_opted_out_at: Date | null;
  opt_out_source: string | null;
  dnc: Generated<boolean>;
  search_text: ColumnType<string | null, never, never>;
  sort_name: ColumnType<string | null, never, never>;
  sort_email: ColumnType<string | null, never, never>;
  email_usable: ColumnType<boolean, never, never>;
  source: string | null;
  source_id: string | null;
}

export interface SuppressionsTable {
  workspace_id: string;
  channel: Channel;
  address: string;
  reason: string;
  created_at: Generated<Date>;
  id: Generated<string>;
  source: Generated<string>;
  detail: string | null;
}

export interface ContactImportsTable {
  id: string;
  workspace_id: string;
  state: Generated<string>;
  file_name: string | null;
  options: ColumnType<Json, string | undefined, string>;
  rows_read: Generated<number>;
  created: Generated<number>;
  updated: Generated<number>;
  refused: Generated<number>;
  problems: ColumnType<Json, string | undefined, string>;
  error_message: string | null;
  created_by: string | null;
  created_at: Generated<Date>;
  finished_at: Date | null;
  kept_apart: Generated<number>;
  overwritten: Generated<number>;
  undone_at: Date | null;
  removed: Generated<number>;
  restored: Generated<number>;
  changed_since: Generated<number>;
}

export interface ContactConsentsTable {
  id: Generated<string>;
  workspace_id: string;
  contact_id: string;
  channel: Channel | "all";
  state: "opted_out" | "opted_in";
  source: string | null;
  evidence: string | null;
  given_at: Date;
  actor_id: string | null;
  actor_name: string | null;
  created_at: Generated<Date>;
}

export interface ContactImportChangesTable {
  id: Generated<string>;
  workspace_id: string;
  import_id: string;
  contact_id: string;
  line: number;
  created: boolean;
  apart_from: string | null;
  apart_reason: string | null;
  before: ColumnType<Json, string | undefined, string>;
  after: ColumnType<Json, string | undefined, string>;
  overwrites: ColumnType<Json, string | undefined, string>;
  at: Generated<Date>;
}

export interface FlowFoldersTable {
  id: Generated<string>;
  name: string;
  workspace_id: string;
  parent_id: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface FlowsTable {
  id: Generated<string>;
  name: string;
  workspace_id: string;
  folder_id: string | null;
  nodes: ColumnType<Json, string | undefined, string>;
  edges: ColumnType<Json, string | undefined, string>;
  settings: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface FlowVersionsTable {
  id: Generated<string>;
  workspace_id: string;
  flow_id: string;
  number: number;
  hash: string;
  name: string;
  nodes: ColumnType<Json, string, string>;
  edges: ColumnType<Json, string, string>;
  settings: ColumnType<Json, string | undefined, string>;
  created_by: string | null;
  created_at: Generated<Date>;
}

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
  parent_waits: Generated<boolean>;
  address_scope: string | null;
  /** Null: the send is older than the counters. */
  reached: ColumnType<number | null, number | undefined, number>;
  unreached: ColumnType<number | null, number | undefined, number>;
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
}

export interface FlowExecutionsTable {
  id: Generated<string>;
  flow_id: string;
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

export interface MessagesTable {
  id: Generated<string>;
  workspace_id: string;
  flow_execution_id: string | null;
  send_id: string | null;
  contact_id: string | null;
  visit: number | null;
  node_id: string | null;
  channel: Channel;
  provider: string;
  to_address: string | null;
  from_address: string | null;
  subject: string | null;
  body: string | null;
  html: string | null;
  segments: number | null;
  is_test: Generated<boolean>;
  status: Generated<string>;
  reason: string | null;
  error_message: string | null;
  provider_message_id: string | null;
  attempt: Generated<number>;
  lease_until: Date | null;
  was_in_doubt: Generated<boolean>;
  address_scope: string | null;
  sent_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
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

export interface ProvidersTable {
  workspace_id: string;
  channel: Channel;
  provider: string;
  settings: ColumnType<Json, string | undefined, string>;
  secrets: string | null;
  has_secret: ColumnType<boolean, never, never>;
  updated_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface WorkspaceSecretsTable {
  workspace_id: string;
  name: string;
  secret: string;
  updated_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface IdempotencyKeysTable {
  workspace_id: string;
  principal_id: string;
  route: string;
  key: string;
  request_hash: string;
  status_code: number | null;
  response: ColumnType<Json, string | null | undefined, string | null>;
  subject_id: string | null;
  created_at: Generated<Date>;
}

export interface AuditLogTable {
  id: Generated<string>;
  workspace_id: string;
  actor_id: string | null;
  actor_name: string | null;
  action: string;
  subject_type: string | null;
  subject_id: string | null;
  details: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
}

export interface WorkersTable {
  id: string;
  pool_id: string | null;
  host: string | null;
  pid: number | null;
  started_at: Generated<Date>;
  seen_at: Generated<Date>;
}

export interface TurnsTable {
  id: string;
  workspace_id: string;
  worker_id: string;
  is_quick: boolean;
  began_at: Date;
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

export interface WorkspaceLimitsTable {
  workspace_id: string;
  lanes: number;
  updated_at: Generated<Date>;
}

export interface ChannelGatesTable {
  workspace_id: string;
  channel: Channel;
  per_minute: number | null;
  tokens: Generated<number>;
  refilled_at: Generated<Date>;
  closed_until: Date | null;
  failures: Generated<number>;
  trouble_reason: string | null;
  trouble_text: string | null;
  trouble_since: Date | null;
  troubled_at: Date | null;
}

export interface TriggerRunsTable {
  id: Generated<string>;
  key: string | null;
  workspace_id: string | null;
  execution_id: string | null;
  job: ColumnType<Json, string, string>;
  priority: number;
  due_at: Date;
  generation: Generated<number>;
  sent_at: Date | null;
  run_id: string | null;
  looked_at: Date | null;
  losses: Generated<number>;
  began_at: Date | null;
  holder: string | null;
  attempt: number | null;
  tries: Generated<number>;
}

export interface TriggerRelayTable {
  one: Generated<boolean>;
  holder: string;
  until: Date;
}

export interface TriggerTroublesTable {
  code: string;
  text: string;
  since: Generated<Date>;
}

export interface Database {
  "private.users": UsersTable;
  "private.sessions": SessionsTable;
  "private.accounts": AccountsTable;
  "private.verifications": VerificationsTable;
  "private.rate_limits": RateLimitsTable;
  "private.claim": ClaimTable;
  workspaces: WorkspacesTable;
  workspace_members: WorkspaceMembersTable;
  workspace_invitations: WorkspaceInvitationsTable;
  api_keys: ApiKeysTable;
  contacts: ContactsTable;
  /** The contacts the caller may see, searchable by index; read as `"private.member_contacts as contacts"`. */
  "private.member_contacts": ContactsTable;
  suppressions: SuppressionsTable;
  contact_imports: ContactImportsTable;
  contact_consents: ContactConsentsTable;
  contact_import_changes: ContactImportChangesTable;
  flow_folders: FlowFoldersTable;
  flows: FlowsTable;
  flow_versions: FlowVersionsTable;
  flow_sends: FlowSendsTable;
  flow_send_skips: FlowSendSkipsTable;
  send_message_counts: SendMessageCountsTable;
  flow_executions: FlowExecutionsTable;
  flow_execution_steps: FlowExecutionStepsTable;
  messages: MessagesTable;
  wake_ups: WakeUpsTable;
  waits: WaitsTable;
  providers: ProvidersTable;
  workspace_secrets: WorkspaceSecretsTable;
  idempotency_keys: IdempotencyKeysTable;
  audit_log: AuditLogTable;
  "private.workers": WorkersTable;
  "private.turns": TurnsTable;
  "private.send_lanes": SendLanesTable;
  "private.workspace_limits": WorkspaceLimitsTable;
  "private.channel_gates": ChannelGatesTable;
  "private.trigger_runs": TriggerRunsTable;
  "private.trigger_relay": TriggerRelayTable;
  "private.trigger_troubles": TriggerTroublesTable;
}
