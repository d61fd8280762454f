import { type RawBuilder, type SqlBool, sql } from "kysely";

/**
 * The messages of one contact since a moment, as `m`, for the FROM of a query.
 *
 * The subquery names nothing but the contact and the moment, and OFFSET 0 keeps the rest of the query out of it. Postgres
 * believes that a workspace has hardly any message that is newer than its last ANALYZE. During a large send it would read all
 * of those for each contact, in place of the contact's own.
 */
export const messagesOf = (contactId: RawBuilder<unknown>, since: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select own.* from messages own where own.contact_id = ${contactId} and own.created_at > ${since} offset 0) m`;

/** Whether a message counts as one that its contact got: not if it is certain that it did not leave, and never one of a test. */
export const isCounted = (workspaceId: string): RawBuilder<SqlBool> => sql`(
  m.workspace_id = ${workspaceId} and not m.is_test and m.status not in ('queued', 'failed'))`;
