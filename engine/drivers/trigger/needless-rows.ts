import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";

/**
 * A condition on `private.trigger_runs r`: it would find nothing to do. The execution has ended, waits for a later moment, or
 * is in a living turn's hands. If that turn dies, the wake-up is due again and another run is asked for.
 */
const isNeedless = sql`(r.execution_id is not null and r.began_at is null
  and not exists (select from wake_ups u where u.flow_execution_id = r.execution_id and u.due_at <= r.due_at
    and not exists (select from private.turns t where t.id = u.turn_id)))`;

/** Deletes needless runs that were not sent yet, so that they are not. */
export async function dropUnsentNeedless(tx: Tx): Promise<void> {
  await sql`
    delete from private.trigger_runs where id in (
      select r.id from private.trigger_runs r where r.sent_at is null and ${isNeedless} limit 5000 for update skip locked)`.execute(tx);
}

/** Deletes needless runs that were sent, whether they are due or not. Returns the ids at Trigger.dev, so that the runs can be cancelled there. */
export async function dropNeedless(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ run_id: string | null }>`
    delete from private.trigger_runs where id in (
      select r.id from private.trigger_runs r where r.sent_at is not null and ${isNeedless}
      limit ${limit} for update skip locked) returning run_id`.execute(db);
  return rows.flatMap(({ run_id }) => run_id ?? []);
}
