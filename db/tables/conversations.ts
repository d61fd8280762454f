import type { Generated } from "kysely";

export interface ConversationsTable {
  workspace_id: string;
  contact_id: string;
  status: Generated<"open" | "closed">;
  assignee_id: string | null;
  unread: Generated<number>;
  last_at: Date;
  /** When anything of it changed last. */
  updated_at: Generated<Date>;
}
