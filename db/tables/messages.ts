import type { ColumnType, Generated } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Json } from "./json.ts";

export interface MessagesTable {
  id: Generated<string>;
  workspace_id: string;
  flow_execution_id: string | null;
  send_id: string | null;
  contact_id: string | null;
  visit: number | null;
  node_id: string | null;
  channel: Channel;
  kind: Generated<string>;
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
  delivered_at: Date | null;
  doubt_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** A link of a message that leads through here, or its picture. */
export interface MessageReportsTable {
  id: Generated<string>;
  workspace_id: string;
  message_id: string;
  provider: string;
  status: string;
  reason: string | null;
  error_message: string | null;
  received_at: Date;
}

export interface TrackedLinksTable {
  id: Generated<string>;
  workspace_id: string;
  flow_execution_id: string;
  visit: number;
  channel: Channel;
  send_id: string;
  contact_id: string | null;
  kind: string;
  url: string | null;
  code: string | null;
  times: Generated<number>;
  machine_times: Generated<number>;
  first_at: Date | null;
  last_at: Date | null;
  created_at: Generated<Date>;
}

export interface InboundMessagesTable {
  id: Generated<string>;
  workspace_id: string;
  channel: Channel;
  provider: string;
  provider_message_id: string;
  from_address: string | null;
  to_address: string;
  body: string | null;
  files: Generated<number>;
  contact_id: string | null;
  answers_id: string | null;
  word: string | null;
  automatic: Generated<boolean>;
  provider_answers_help: Generated<boolean>;
  /** What the provider itself did by it. */
  provider_heard: "stop" | "start" | null;
  written_at: Date | null;
  help_answer: string | null;
  help_due_at: Date | null;
  flow_execution_id: string | null;
  after_visit: number | null;
  received_at: Generated<Date>;
  handled_at: Date | null;
}

export interface DeliveryReportsTable {
  id: Generated<string>;
  workspace_id: string;
  channel: Channel;
  provider: string;
  key: string;
  report: ColumnType<Json, string, string>;
  received_at: Generated<Date>;
  handled_at: Date | null;
}

export interface ProvidersTable {
  workspace_id: string;
  channel: Channel;
  provider: string;
  settings: ColumnType<Json, string | undefined, string>;
  secrets: string | null;
  has_secret: ColumnType<boolean, never, never>;
  secret_ends: ColumnType<Record<string, string>, string | undefined, string>;
  updated_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface SenderPacesTable {
  workspace_id: string;
  channel: Channel;
  sender: string;
  state: Generated<Json>;
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
