import { type RawBuilder, type SqlBool, sql } from "kysely";
import { namesThatStay } from "#channels/stays-here.ts";

/**
 * Whether a message counts as one that its contact got: not if it is certain that it did not leave, and never one of a test or of test mode,
 * or else the first real send would find that everybody already got the most messages allowed. One in doubt may have left, so it counts.
 */
export const isCounted = (workspaceId: string): RawBuilder<SqlBool> => sql`(
  m.workspace_id = ${workspaceId} and not m.is_test and m.status <> 'failed' and (m.status <> 'queued' or m.reason = 'outcome_unknown')
  and coalesce(m.provider, '') <> all(${sql.lit(`{${namesThatStay.join()}}`)}::text[]))`;
