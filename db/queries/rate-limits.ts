import { sql } from "kysely";
import type { Db } from "../client.ts";

export interface RateLimit {
  /** Requests with the same key are counted together. The key holds no personal data in clear: e-mails are hashed by the caller. */
  key: string;
  /** Seconds without an allowed attempt after which counting starts anew. */
  window: number;
  max: number;
}

/**
 * Counts an attempt, in one statement, so that a thousand at once are still counted one by one. A refused attempt does
 * not push the end of the wait further away.
 */
export async function consumeAttempt(db: Db, { key, window, max }: RateLimit): Promise<{ allowed: boolean; retryAfter: number }> {
  const { rows } = await sql<{ allowed: boolean; retry_after: number }>`
    with clock as (select (extract(epoch from clock_timestamp()) * 1000)::bigint as now)
    insert into private.rate_limits as r (key, count, last_request)
    select ${key}, 1, now from clock
    on conflict (key) do update set
      count = case when r.last_request <= excluded.last_request - ${window * 1000}::bigint then 1 else least(r.count, ${max}::integer) + 1 end,
      last_request = case
        when r.last_request <= excluded.last_request - ${window * 1000}::bigint or r.count < ${max}::integer then excluded.last_request
        else r.last_request end
    returning r.count <= ${max}::integer as allowed,
      greatest(1, ceil((r.last_request + ${window * 1000}::bigint - (select now from clock)) / 1000.0))::integer as retry_after
  `.execute(db);
  const [row] = rows;
  return { allowed: row?.allowed ?? false, retryAfter: row?.retry_after ?? window };
}

/** Takes an attempt back that turned out to be none: who knows the password is not guessing it. */
export async function giveAttemptBack(db: Db, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await db
    .updateTable("private.rate_limits")
    .set((eb) => ({ count: eb("count", "-", 1) }))
    .where("key", "in", keys)
    .where("count", ">", 0)
    .execute();
}
