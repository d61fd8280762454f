import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";

/*
 * The contacts of one deletion stand in the temporary table `leaving_contacts` until the transaction ends. The functions
 * that end executions, move to the bin and erase read it, so what is counted is what is done, however many there are.
 */

/** A condition on `contacts`, by that name. */
export type WhichContacts = RawBuilder<SqlBool>;

/**
 * Locks the contacts of a workspace for which the condition holds and makes them the leaving ones. No execution of theirs
 * can begin until the transaction ends.
 *
 * @returns how many there are
 */
export async function lockLeavingContacts(
  tx: Tx,
  workspaceId: string,
  which: WhichContacts,
  { limit, skipLocked = false }: { limit?: number; skipLocked?: boolean } = {},
): Promise<number> {
  await sql`create temporary table if not exists leaving_contacts (id uuid primary key) on commit drop`.execute(tx);
  await sql`delete from leaving_contacts`.execute(tx);
  const { numAffectedRows } = await sql`
    insert into leaving_contacts
    select contacts.id from contacts where contacts.workspace_id = ${workspaceId} and ${which}
    order by contacts.id ${limit === undefined ? sql`` : sql`limit ${limit}`} for update ${skipLocked ? sql`skip locked` : sql``}`.execute(
    tx,
  );
  const count = Number(numAffectedRows ?? 0);
  if (count > 0) await sql`analyze leaving_contacts`.execute(tx);
  return count;
}

/** A condition on `flow_executions e`. */
export const ofLeavingContacts = (workspaceId: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`e.workspace_id = ${workspaceId} and e.contact_id in (select id from leaving_contacts)`;

/** The ids of these contacts, in their order. */
export async function listLeavingContacts(tx: Tx, limit?: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from leaving_contacts order by id ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Contacts in the bin, by id. */
export const inBin = (ids: readonly string[]): WhichContacts =>
  sql`contacts.deleted_at is not null and contacts.id = any(${uuidArray(ids)}::uuid[])`;

/** Whether an address of the leaving contact `c` is nobody else's. */
export const onlyTheirs = (workspaceId: string, column: "phone_e164" | "sort_email"): RawBuilder<SqlBool> => sql<SqlBool>`not exists (
  select from contacts o where o.workspace_id = ${workspaceId} and ${sql.ref(`o.${column}`)} = ${sql.ref(`c.${column}`)}
    and o.id not in (select id from leaving_contacts))`;
