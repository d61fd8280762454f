import { type RawBuilder, sql } from "kysely";

/**
 * The rows of one contact, for the FROM of a query. The contact may be a column of the query around it.
 *
 * The subquery names nothing but the contact and the moment, and OFFSET 0 keeps the rest of the query out of it. Postgres
 * believes that a workspace has hardly any row that is newer than its last ANALYZE. During a large send it would read all
 * of those for each contact, in place of the contact's own.
 */
function rowsOf({ table, alias, moment, columns }: { table: string; alias: string; moment: string; columns: readonly string[] }) {
  return (contactId: RawBuilder<unknown>, since?: RawBuilder<unknown>): RawBuilder<unknown> => {
    const newer = since ? sql`and ${sql.ref(`own.${moment}`)} > ${since}` : sql``;
    const wanted = sql.join(columns.map((column) => sql.ref(`own.${column}`)));
    return sql`(select ${wanted} from ${sql.table(table)} own where own.contact_id = ${contactId} ${newer} offset 0) ${sql.ref(alias)}`;
  };
}

/** The messages to a contact, as `m`. */
export const messagesOf = rowsOf({
  table: "messages",
  alias: "m",
  moment: "created_at",
  columns: ["id", "workspace_id", "contact_id", "channel", "kind", "status", "reason", "is_test", "provider", "created_at"],
});

/** What a contact wrote, as `i`. A forecast may read no more of it. */
export const writtenBy = rowsOf({
  table: "inbound_messages",
  alias: "i",
  moment: "received_at",
  columns: ["workspace_id", "contact_id", "channel", "automatic", "received_at"],
});

/** The executions of a contact, as `e`. */
export const executionsOf = rowsOf({
  table: "flow_executions",
  alias: "e",
  moment: "created_at",
  columns: ["id", "workspace_id", "contact_id", "flow_id", "send_id", "status", "source", "created_at"],
});
