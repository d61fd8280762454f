import { sql } from "kysely";
import type { AuditEntry, AuditQuery } from "#contract/audit.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";

/** Reads the audit log of a workspace, newest first. The policies let admins and owners see it. */
export async function listAuditEntries(db: Db, args: { workspaceId: string } & AuditQuery): Promise<Page<AuditEntry>> {
  const { workspaceId, subjectType, actorId, from, until } = args;
  const place = readPlace("audit", args.cursor);
  const rows = await db
    .selectFrom("audit_log as a")
    .select(["a.id", "a.created_at", "a.action", "a.actor_id", "a.actor_name", "a.subject_type", "a.subject_id", "a.subject_name"])
    .select(["a.times", "a.last_at", "a.details"])
    .select(microseconds("a.created_at").as("position"))
    .where("a.workspace_id", "=", workspaceId)
    .$if(subjectType !== undefined, (query) => query.where("a.subject_type", "=", subjectType as string))
    .$if(actorId !== undefined, (query) => query.where(byOrAbout(actorId as string)))
    .$if(from !== undefined, (query) => query.where("a.created_at", ">=", sql<Date>`${from}::timestamptz`))
    .$if(until !== undefined, (query) => query.where("a.created_at", "<", sql<Date>`${until}::timestamptz`))
    .$if(place !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) => eb(refTuple("a.created_at", "a.id"), "<", tuple(moment(place?.at ?? 0), place?.id ?? ""))),
    )
    .orderBy("a.created_at", "desc")
    .orderBy("a.id", "desc")
    .limit(args.limit + 1)
    .execute();
  const names = await namesOfContacts(
    db,
    workspaceId,
    rows.flatMap(({ subject_type, subject_id }) => (subject_type === "contact" && subject_id ? [subject_id] : [])),
  );
  const toEntry = (row: (typeof rows)[number]): AuditEntry => ({
    id: row.id,
    at: row.created_at.toISOString(),
    action: row.action,
    actorId: row.actor_id,
    actorName: row.actor_name,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    subjectName: row.subject_type === "contact" ? (names.get(row.subject_id ?? "") ?? null) : row.subject_name,
    times: row.times,
    lastAt: row.last_at?.toISOString() ?? null,
    details: row.details as Record<string, unknown>,
  });
  return toPage(rows, args.limit, toEntry, (row) => writePlace("audit", { at: row.position, id: row.id }));
}

/** What a person did, and what was done or tried with their account and membership. */
const byOrAbout = (userId: string) =>
  sql<boolean>`(a.actor_id = ${userId}::uuid or (a.subject_id = ${userId} and a.subject_type in ('member', 'account', 'session', 'instance')))`;

/** The log itself holds no name of a contact, so that nothing of an erased one is left in it. */
async function namesOfContacts(db: Db, workspaceId: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("contacts")
    .select(["id", "name", "firstname", "lastname"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", [...new Set(ids)])
    .where("deleted_at", "is", null)
    .execute();
  return new Map(rows.map((row) => [row.id, displayName(row)]));
}
