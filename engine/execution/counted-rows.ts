import { type RawBuilder, type SqlBool, sql } from "kysely";
import { namesThatStay } from "#channels/stays-here.ts";

/**
 * Whether a message counts as one that its contact got: not if it is certain that it did not leave, and never one of a test or of test mode,
 * or else the first real send would find that everybody already got the most messages allowed. One in doubt may have left, so it counts.
 */
export const isCounted = (workspaceId: string): RawBuilder<SqlBool> =>
  sql`(${mayHaveLeft(workspaceId)} and coalesce(m.provider, '') <> all(${stays}))`;

/**
 * The same for a send that leaves out who got a message lately. Messages of test mode count too for as long as their channel is in it, so
 * that what a person tries out behaves as it will on the day: from the first real provider of the channel on they count for nothing.
 */
export const isCountedOrRehearsed = (workspaceId: string): RawBuilder<SqlBool> => sql`(
  ${mayHaveLeft(workspaceId)} and (coalesce(m.provider, '') <> all(${stays}) or m.channel <> all(array(
    select p.channel from providers p where p.workspace_id = ${workspaceId} and p.provider <> all(${stays})))))`;

const mayHaveLeft = (workspaceId: string): RawBuilder<SqlBool> =>
  sql`m.workspace_id = ${workspaceId} and not m.is_test and m.status <> 'failed' and (m.status <> 'queued' or m.reason = 'outcome_unknown')`;

const stays = sql`${sql.lit(`{${namesThatStay.join()}}`)}::text[]`;
