import { sql } from "kysely";
import { undoDays } from "#contract/imports.ts";
import type { Db } from "../client.ts";
import { deleteOldIdempotencyKeys } from "./idempotency-keys.ts";

/**
 * Removes what has served its time and holds something about people: sessions that ended, counts of guesses, stored
 * answers. Each with its own statement, so that one of them being locked does not keep the others. Runs as the owner.
 */
export async function deleteExpiredRows(db: Db): Promise<void> {
  await deleteOldIdempotencyKeys(db);
  await db.deleteFrom("private.sessions").where("expires_at", "<", sql<Date>`now()`).execute();
  await db.deleteFrom("private.sessions").where("created_at", "<", sql<Date>`now() - interval '30 days'`).execute();
  await db.deleteFrom("private.verifications").where("expires_at", "<", sql<Date>`now()`).execute();
  await sql`delete from private.ended_sessions where forget_at < now()`.execute(db);
  // The message itself says it for good; this is the short list of what somebody should look at now.
  await sql`delete from private.unknown_messages where became_at < now() - interval '7 days'`.execute(db);
  // An import can be undone for so long.
  await sql`delete from contact_import_changes where at < now() - make_interval(days => ${undoDays})`.execute(db);
  // Longer than any limit looks back.
  await db
    .deleteFrom("private.rate_limits")
    .where("last_request", "<", sql<number>`(extract(epoch from now() - interval '1 day') * 1000)::bigint`)
    .execute();
}
