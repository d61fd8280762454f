import { type RawBuilder, type SqlBool, sql } from "kysely";

/** Whether a message counts as one that its contact got: not if it is certain that it did not leave, and never one of a test. */
export const isCounted = (workspaceId: string): RawBuilder<SqlBool> => sql`(
  m.workspace_id = ${workspaceId} and not m.is_test and m.status not in ('queued', 'failed'))`;
