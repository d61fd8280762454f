import { sql } from "kysely";
import type { Db } from "../client.ts";

export interface AuditEntry {
  workspaceId: string;
  actorId: string | null;
  actorName: string | null;
  /** The action of the route, such as "contact.create". */
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
 * Writes an entry about a person, such as a sign-in or a new password, to every workspace that the person can reach,
 * because the admins of each should see it. It runs with the owner's login.
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

/** The type of the subject is the first part of the action: "api_key.create" is about an api_key. */
const subjectTypeOf = (action: string): string => action.split(".")[0] ?? action;
