import { sql } from "kysely";
import type { Db } from "../client.ts";

export interface AuditEntry {
  workspaceId: string;
  actorId: string | null;
  actorName: string | null;
  /** The route's word, such as "contact.create". */
  action: string;
  subjectId?: string | undefined;
  details?: Record<string, unknown> | undefined;
}

export async function insertAuditEntry(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto("audit_log")
    .values({
      workspace_id: entry.workspaceId,
      actor_id: entry.actorId,
      actor_name: entry.actorName,
      action: entry.action,
      subject_type: subjectTypeOf(entry.action),
      subject_id: entry.subjectId ?? null,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute();
}

/**
 * What concerns a person and no single workspace (signing in, a new password) is of interest to the admins of every
 * workspace they can reach, so it is written to each of them. Runs as the owner.
 */
export async function insertAuditEntryEverywhere(
  db: Db,
  entry: { userId: string; actorName: string | null; action: string; subjectId?: string | undefined },
): Promise<void> {
  await sql`
    insert into public.audit_log (workspace_id, actor_id, actor_name, action, subject_type, subject_id)
    select workspace_id, user_id, ${entry.actorName}::text, ${entry.action}::text, ${subjectTypeOf(entry.action)}::text, ${entry.subjectId ?? null}::text
    from public.workspace_members where user_id = ${entry.userId}::uuid
  `.execute(db);
}

/** "api_key.create" is about an api_key. */
const subjectTypeOf = (action: string): string => action.split(".")[0] ?? action;
