import type { Generated } from "kysely";

/** What the people of a workspace should know of. */
export interface NoticesTable {
  id: Generated<string>;
  workspace_id: string;
  kind: "provider_down" | "mail_guard" | "send_errors" | "maybe_stop" | "still_stopped" | "approval_asked" | "approval_decided";
  cause: string;
  channel: "sms" | "email" | null;
  detail: string | null;
  send_id: string | null;
  contact_id: string | null;
  times: Generated<number>;
  created_at: Generated<Date>;
  last_at: Generated<Date>;
  mailed_at: Date | null;
  /** Only this member is told. Null: everybody, or as `to_admins` says. */
  to_user: string | null;
  /** Everybody else is told. */
  except_user: string | null;
  /** Only admins and owners are told. */
  to_admins: Generated<boolean>;
}

/** Up to when a member has read a notice. */
export interface NoticeReadsTable {
  workspace_id: string;
  user_id: string;
  notice_id: string;
  read_upto: Date;
}

export interface NoticeSettingsTable {
  workspace_id: string;
  user_id: string;
  by_email: Generated<boolean>;
}
