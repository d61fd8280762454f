import { sql } from "kysely";
import type { Db } from "../client.ts";

export interface AuditEntry {
  workspaceId: string;
  actorId: string | null;
  actorName: string | null;
  /** The action of the route, such as "contact.create". */
  action: string;
  subjectId?: string | undefined;
  /** Only for what the database does not find by its id, such as something that was just deleted. Never a contact. */
  subjectName?: string | undefined;
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
      subject_name: entry.subjectName ?? null,
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

/** Writes what was done to the whole instance to the log of every workspace, because it concerns the admins of each. */
export async function insertAuditEntryInAll(
  db: Db,
  entry: { actorId: string; actorName: string; action: string; details: Record<string, unknown> },
): Promise<void> {
  await sql`
    insert into public.audit_log (workspace_id, actor_id, actor_name, action, subject_type, details)
    select id, ${entry.actorId}::uuid, ${entry.actorName}::text, ${entry.action}::text, ${subjectTypeOf(entry.action)}::text,
      ${JSON.stringify(entry.details)}::jsonb
    from public.workspaces`.execute(db);
}

interface Repeated {
  action: string;
  subjectId: string;
  subjectName?: string | undefined;
  details?: Record<string, unknown> | undefined;
}

/** The entry of this hour counts. However often something is tried, it writes one entry an hour. */
const countOfThisHour = (parts: readonly (string | null)[]) =>
  sql`${JSON.stringify(parts)}::text || to_char(date_trunc('hour', now() at time zone 'utc'), ' YYYY-MM-DD HH24')`;
const oneMore = sql`
  on conflict (workspace_id, repeat_key) where repeat_key is not null do update set times = audit_log.times + 1, last_at = now()
  returning times`;

/** Counts something that a caller tried in a workspace. Answers how often it happened within the hour. Runs as the owner. */
export async function countAuditEntry(
  db: Db,
  entry: Repeated & { workspaceId: string; actorId: string; actorName: string },
): Promise<number> {
  const { workspaceId, actorId, actorName, action, subjectId } = entry;
  const { rows } = await sql<{ times: number }>`
    insert into public.audit_log (workspace_id, actor_id, actor_name, action, subject_type, subject_id, subject_name, details, repeat_key)
    select ${workspaceId}, ${actorId}::uuid, ${actorName}::text, ${action}::text, ${subjectTypeOf(action)}::text, ${subjectId}::text,
      ${entry.subjectName ?? null}::text, ${JSON.stringify(entry.details ?? {})}::jsonb, ${countOfThisHour([action, actorId, subjectId])}
    ${oneMore}`.execute(db);
  return rows[0]?.times ?? 0;
}

/**
 * Counts something that was tried with the account of a person, in every workspace that the person can reach. Nobody is
 * named as the one who tried. An account that does not exist is in no workspace.
 */
export async function countAuditEntryAbout(db: Db, entry: { userId: string; action: string }): Promise<number> {
  const { userId, action } = entry;
  const { rows } = await sql<{ times: number }>`
    insert into public.audit_log (workspace_id, action, subject_type, subject_id, repeat_key)
    select workspace_id, ${action}::text, ${subjectTypeOf(action)}::text, ${userId}::text, ${countOfThisHour([action, null, userId])}
    from public.workspace_members where user_id = ${userId}::uuid and kind = 'user'
    ${oneMore}`.execute(db);
  return Math.max(0, ...rows.map(({ times }) => times));
}

/** The type of the subject is the first part of the action: "api_key.create" is about an api_key. */
const subjectTypeOf = (action: string): string => action.split(".")[0] ?? action;
