import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";

/**
 * Locks the contacts of a selection and keeps their ids in the temporary table `leaving_contacts`, which the other
 * functions of this file read. What is counted is therefore what is deleted, and no new execution begins meanwhile.
 */
export async function lockLeavingContacts(tx: Tx, workspaceId: string, selection: Selection): Promise<number> {
  await sql`create temporary table leaving_contacts (id uuid primary key) on commit drop`.execute(tx);
  const { numAffectedRows } = await sql`
    insert into leaving_contacts
    select contacts.id from contacts where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)}
    for update`.execute(tx);
  const count = Number(numAffectedRows ?? 0);
  if (count > 0) await sql`analyze leaving_contacts`.execute(tx);
  return count;
}

/** A condition on `flow_executions e`. */
export const ofLeavingContacts = (workspaceId: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`e.workspace_id = ${workspaceId} and e.contact_id in (select id from leaving_contacts)`;

/** The ids of these contacts, in their order. */
export async function listLeavingContacts(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from leaving_contacts order by id limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** @returns how many contacts were deleted */
export async function deleteLeavingContacts(tx: Tx, workspaceId: string): Promise<number> {
  const { numAffectedRows } =
    await sql`delete from contacts c using leaving_contacts l where c.workspace_id = ${workspaceId} and c.id = l.id`.execute(tx);
  return Number(numAffectedRows ?? 0);
}
