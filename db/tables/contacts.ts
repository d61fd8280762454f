import type { ColumnType, Generated } from "kysely";
import type { ContactTexts } from "#contract/contact-fields.ts";
import type { Channel } from "#contract/messages.ts";
import type { Json } from "./json.ts";

export interface ContactsTable extends ContactTexts {
  id: Generated<string>;
  phone_number: string | null;
  workspace_id: string;
  metadata: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  phone_e164: string | null;
  phone_country: ColumnType<string | null, never, never>;
  sms_opted_out_at: Date | null;
  email_opted_out_at: Date | null;
  opt_out_source: string | null;
  /** What was asked for under an address that the contact had before; the database alone writes it. */
  sms_refused_as: ColumnType<string | null, never, never>;
  email_refused_as: ColumnType<string | null, never, never>;
  dnc: Generated<boolean>;
  search_text: ColumnType<string | null, never, never>;
  sort_name: ColumnType<string | null, never, never>;
  sort_email: ColumnType<string | null, never, never>;
  email_usable: ColumnType<boolean, never, never>;
  source: string | null;
  source_id: string | null;
  /** When the contact was moved to the bin, and by whom; null while it is not there. */
  deleted_at: Date | null;
  deleted_by: string | null;
  deleted_by_name: string | null;
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
  decide_by: ColumnType<Date | null, undefined, Date | null>;
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
  from_bin: Generated<number>;
}

export interface ContactConsentsTable {
  id: Generated<string>;
  workspace_id: string;
  contact_id: string;
  channel: Channel | "all";
  state: "opted_out" | "opted_in";
  source: string | null;
  evidence: string | null;
  text_shown: string | null;
  /** For which it was given. Left out, the database takes the one that the contact has; empty for none. */
  address: ColumnType<string | null, string | undefined, never>;
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
  from_bin: Generated<boolean>;
}

export interface LeadStatusesTable {
  id: Generated<string>;
  workspace_id: string;
  name: string;
  color: Generated<string>;
  kind: Generated<string>;
  is_default: Generated<boolean>;
  place: number;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}
