import type { ColumnType, Generated } from "kysely";
import type { Json } from "./json.ts";

export interface WorkspacesTable {
  id: Generated<string>;
  name: string;
  time_zone: Generated<string>;
  country: Generated<string>;
  is_demo: Generated<boolean>;
  undo_seconds: Generated<number>;
  email_in_doubt: Generated<string>;
  sms_in_doubt: Generated<string>;
  /** Null: its own country alone. */
  sms_countries: string[] | null;
  postal_address: string | null;
  help_text: string | null;
  track_clicks: Generated<boolean>;
  track_opens: Generated<boolean>;
  short_domain: string | null;
  sending_rules: ColumnType<Json, string | undefined, string>;
  approval_rules: ColumnType<Json, string | undefined, string>;
  country_chosen_at: Date | null;
  time_zone_chosen_at: Date | null;
  first_steps_hidden_at: Date | null;
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

export interface MemberPhonesTable {
  workspace_id: string;
  user_id: string;
  phone: string;
  code_hash: Buffer | null;
  code_expires_at: Date | null;
  code_tries: Generated<number>;
  proven_at: Date | null;
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

export interface WorkspaceSecretsTable {
  workspace_id: string;
  name: string;
  secret: string;
  hosts: Generated<string[]>;
  updated_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface WorkspaceLimitsTable {
  workspace_id: string;
  lanes: number | null;
  messages_per_contact_day: number | null;
  messages_per_hour: number | null;
  messages_per_day: number | null;
  day_from: Date | null;
  day_used: Generated<number>;
  hour_from: Date | null;
  hour_used: Generated<number>;
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
  subject_name: string | null;
  times: Generated<number>;
  last_at: Date | null;
  repeat_key: string | null;
  details: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
}
