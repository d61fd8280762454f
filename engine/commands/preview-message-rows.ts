import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import { uuidArray } from "../base/array.ts";
import type { ContactRow } from "../execution/contact-rows.ts";
import { contactColumns } from "../execution/contact-rows.ts";
import type { WorkspaceFields } from "../flow/node-executor.ts";

/** A filter that hardly anybody matches is looked through for this long at most. */
const longestMs = 5_000;

/** Readies a transaction for a preview: one snapshot, which no statement changes, and a limit of time. */
export async function beginMessagePreview(tx: Tx): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only`.execute(tx);
  await sql.raw(`set local statement_timeout = ${longestMs}`).execute(tx);
}

export async function readWorkspace(tx: Tx, workspaceId: string): Promise<WorkspaceFields> {
  return tx
    .selectFrom("workspaces")
    .select(["name", "time_zone as timeZone", "country", "postal_address as postalAddress"])
    .where("id", "=", workspaceId)
    .executeTakeFirstOrThrow();
}

/**
 * The first contact of a selection: of named ids in the order of the names, of a filter the oldest, with which a send begins too.
 * `before`: contacts that come before all others. `only`: the one that is meant, if the selection has it.
 */
export async function readFirstContact(
  tx: Tx,
  {
    workspaceId,
    selection,
    only,
    before = [],
  }: { workspaceId: string; selection: Selection; only?: string | undefined; before?: readonly string[] },
): Promise<ContactRow | undefined> {
  const order = selection.type === "ids" ? sql`array_position(${uuidArray(selection.ids)}::uuid[], contacts.id)` : sql`contacts.id`;
  const first = before.length > 0 ? sql`(contacts.id = any (${uuidArray([...before])}::uuid[])) desc, ` : sql``;
  const meant = only === undefined ? sql`true` : sql`contacts.id = ${only}::uuid`;
  const { rows } = await sql<ContactRow>`
    select ${contactColumns} from contacts c where c.workspace_id = ${workspaceId} and c.id = (
      select contacts.id from contacts where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)} and ${meant}
      order by ${first}${order} limit 1)`.execute(tx);
  return rows[0];
}
