import { sql } from "kysely";
import { contactName } from "#contract/contact-fields.ts";
import type { Selection } from "#contract/contacts.ts";
import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import type { ContactRow } from "#db/queries/contact-rows.ts";

export interface ChosenContact {
  id: string;
  name: string | null;
}

/** The chosen contacts, one more than `most` at most, and the clock of their workspace. */
export async function readChosen(
  tx: Tx,
  { workspaceId, selection, most }: { workspaceId: string; selection: Selection; most: number },
): Promise<{ contacts: ChosenContact[]; zone: string }> {
  const { rows } = await sql<Pick<ContactRow, "id" | "name" | "firstname" | "lastname">>`
    select contacts.id, contacts.name, contacts.firstname, contacts.lastname from contacts
    where contacts.workspace_id = ${workspaceId} and contacts.deleted_at is null and ${matchesSelection(selection)}
    order by contacts.id limit ${most + 1}::int`.execute(tx);
  const clock = await sql<{ zone: string }>`select time_zone as zone from workspaces where id = ${workspaceId}`.execute(tx);
  return { contacts: rows.map((row) => ({ id: row.id, name: contactName(row) })), zone: clock.rows[0]?.zone ?? "UTC" };
}
