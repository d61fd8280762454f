import { type Selectable, sql } from "kysely";
import { foldName } from "#contract/fold.ts";
import type { LeadStatus, LeadStatusPatch, LeadStatusUse, StatusColor, StatusKind } from "#contract/lead-statuses.ts";
import { statusNamed } from "#contract/lead-statuses.ts";
import type { Db, Tx } from "../client.ts";
import type { LeadStatusesTable } from "../tables/contacts.ts";

/** The lead statuses of a workspace, in their order. */
export async function listLeadStatuses(db: Db, { workspaceId }: { workspaceId: string }): Promise<LeadStatus[]> {
  const rows = await db
    .selectFrom("lead_statuses")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .orderBy("place")
    .orderBy("id")
    .execute();
  return rows.map(toLeadStatus);
}

/** Changes of the list take turns, because names and places are compared before they are written. */
export const takeTurnAtLeadStatuses = (db: Tx, workspaceId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('lead statuses/' || ${workspaceId}, 0))`.execute(db);

export async function insertLeadStatus(
  db: Db,
  { workspaceId, ...given }: { workspaceId: string; name: string; color: StatusColor; kind: StatusKind },
): Promise<LeadStatus> {
  const row = await db
    .insertInto("lead_statuses")
    .values({
      workspace_id: workspaceId,
      ...given,
      place: sql<number>`(select coalesce(max(place) + 1, 0) from lead_statuses where workspace_id = ${workspaceId})`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toLeadStatus(row);
}

/** A status that becomes the default takes that from the one before. */
export async function patchLeadStatus(
  db: Db,
  { workspaceId, id, patch }: { workspaceId: string; id: string; patch: LeadStatusPatch },
): Promise<LeadStatus | undefined> {
  const { isDefault, ...plain } = patch;
  if (isDefault) {
    await db
      .updateTable("lead_statuses")
      .set({ is_default: false })
      .where("workspace_id", "=", workspaceId)
      .where("is_default", "=", true)
      .where("id", "<>", id)
      .execute();
  }
  const row = await db
    .updateTable("lead_statuses")
    .set({ ...plain, ...(isDefault === undefined ? {} : { is_default: isDefault }) })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
  return row && toLeadStatus(row);
}

export async function placeLeadStatuses(db: Db, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<void> {
  await sql`
    update lead_statuses s set place = o.place - 1
    from unnest(${[...ids]}::uuid[]) with ordinality as o (id, place)
    where s.workspace_id = ${workspaceId} and s.id = o.id`.execute(db);
}

export async function removeLeadStatus(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<void> {
  await db.deleteFrom("lead_statuses").where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

/** The most values that are listed: the most frequent ones. */
const mostValues = 500;

/** How many contacts have each value. Spellings of one name are one value; the more usual spelling is told. */
export async function countLeadStatuses(db: Db, { workspaceId }: { workspaceId: string }): Promise<LeadStatusUse[]> {
  const statuses = await listLeadStatuses(db, { workspaceId });
  const { rows } = await sql<{ value: string; contacts: number }>`
    select mode() within group (order by btrim(lead_status)) as value, count(*)::int as contacts
    from private.member_contacts where workspace_id = ${workspaceId} and private.folded_name(lead_status) is not null and btrim(lead_status) <> ''
    group by private.folded_name(lead_status) order by contacts desc, value limit ${mostValues}`.execute(db);
  const uses = new Map<string, LeadStatusUse>();
  for (const { value, contacts } of rows) {
    const status = statusNamed(statuses, value);
    const key = status?.id ?? value;
    const before = uses.get(key);
    uses.set(key, { value: status?.name ?? value, statusId: status?.id ?? null, contacts: contacts + (before?.contacts ?? 0) });
  }
  return [...uses.values()];
}

/** How many contacts have a status in whatever spelling, and how many of the bin. */
export async function countWithStatus(
  db: Db,
  { workspaceId, name }: { workspaceId: string; name: string },
): Promise<{ contacts: number; inBin: number }> {
  const folded = foldName(name);
  const { rows } = await sql<{ contacts: number; inBin: number }>`
    select
      (select count(*)::int from private.member_contacts
       where workspace_id = ${workspaceId} and private.folded_name(lead_status) = ${folded}::text) as contacts,
      (select count(*)::int from private.member_bin
       where workspace_id = ${workspaceId} and private.folded_name(lead_status) = ${folded}::text) as "inBin"`.execute(db);
  return rows[0] ?? { contacts: 0, inBin: 0 };
}

const toLeadStatus = (row: Selectable<LeadStatusesTable>): LeadStatus => ({
  id: row.id,
  name: row.name,
  color: row.color as StatusColor,
  kind: row.kind as StatusKind,
  isDefault: row.is_default,
});
