import { sql } from "kysely";
import { binDays } from "#contract/bin.ts";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { WhichContacts } from "./leaving-contacts-rows.ts";

/** Marks the leaving contacts as deleted. From the commit on nothing finds them but the bin. */
export async function markDeleted(
  tx: Tx,
  workspaceId: string,
  by: { id: string | null; name: string | null },
  clock: Clock,
): Promise<void> {
  await sql`
    update contacts c set deleted_at = ${clock.now}, deleted_by = ${by.id}::uuid, deleted_by_name = ${by.name}
    from leaving_contacts l where c.workspace_id = ${workspaceId} and c.id = l.id`.execute(tx);
}

/** Takes contacts out of the bin. Returns the ids of those that were there. */
export async function unmarkDeleted(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update contacts c set deleted_at = null, deleted_by = null, deleted_by_name = null
    from (select id from contacts where workspace_id = ${workspaceId} and id = any(${uuidArray(ids)}::uuid[]) and deleted_at is not null
      order by id for update) held
    where c.id = held.id returning c.id`.execute(tx);
  return rows.map(({ id }) => id).sort();
}

/** Erases the rows of the leaving contacts. Returns how many there were. */
export async function deleteLeavingContacts(tx: Tx, workspaceId: string): Promise<number> {
  const { numAffectedRows } =
    await sql`delete from contacts c using leaving_contacts l where c.workspace_id = ${workspaceId} and c.id = l.id`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

const dueBefore = (clock: Clock) => sql<Date>`${clock.now} - ${binDays}::int * interval '1 day'`;

/** Contacts whose days in the bin are over. */
export const isDue = (clock: Clock): WhichContacts => sql`contacts.deleted_at < ${dueBefore(clock)}`;

/** A workspace in whose bin somebody's days are over, if there is one. */
export async function findDueWorkspace(tx: Tx, clock: Clock, except: readonly string[]): Promise<string | undefined> {
  const { rows } = await sql<{ workspace_id: string }>`
    select workspace_id from contacts where deleted_at < ${dueBefore(clock)} and workspace_id <> all(${[...except]}::text[])
    order by deleted_at limit 1`.execute(tx);
  return rows[0]?.workspace_id;
}
