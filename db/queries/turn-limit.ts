import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Db } from "../client.ts";

/** Turns that a workspace may have at once for each living worker, unless its row in private.workspace_limits names a number. */
export const turnsPerWorker = 4;

/**
 * How many workers live, as SQL: at least one, because a process that asks while it works may not have beaten yet. A
 * second worker is worth a second worker only if it may have turns of its own.
 */
export const livingWorkers = sql<number>`greatest(1, (select count(*) from private.workers))::int`;

/**
 * How many turns a workspace may have at once, as SQL.
 *
 * @param own the `lanes` of its row in private.workspace_limits, or null
 */
export const turnLimit = (own: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`coalesce(${own}, ${turnsPerWorker}::int * ${livingWorkers})`;

/**
 * How many of those turns one worker may have, as SQL. A worker that ends a turn is the first to see the next one, so without a
 * share of its own it would keep most of them, and the calls that its providers take at a time would be the limit of all.
 */
export const turnShare = (limit: RawBuilder<unknown>): RawBuilder<number> => sql<number>`ceil(${limit}::numeric / ${livingWorkers})::int`;

export async function countLivingWorkers(db: Db): Promise<number> {
  const { rows } = await sql<{ workers: number }>`select ${livingWorkers} as workers`.execute(db);
  return rows[0]?.workers ?? 1;
}
