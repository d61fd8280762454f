import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";

/**
 * Seconds without a heartbeat after which a worker counts as dead. Three beats allow for a short pause of the process. A
 * false alarm costs time and never sends twice. With 5, work stood still for up to 6.3 s after a kill (R3 in test/chaos);
 * with 3, for a little over 4 s.
 */
export const deadAfterSeconds = 3;

export interface WorkerIdentity {
  id: string;
  /** The name under which its driver holds jobs. */
  holder: string;
  host: string;
  pid: number;
}

export async function beat(db: Db, worker: WorkerIdentity): Promise<void> {
  await sql`
    insert into private.workers (id, pool_id, host, pid) values (${worker.id}::uuid, ${worker.holder}, ${worker.host}, ${worker.pid})
    on conflict (id) do update set seen_at = clock_timestamp(), pool_id = excluded.pool_id`.execute(db);
}

/** Deletes dead workers and returns the names under which they held jobs. The caller is the only one who gets each name, and frees its jobs. */
export async function takeDead(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ pool_id: string | null }>`
    delete from private.workers where seen_at < clock_timestamp() - ${deadAfterSeconds} * interval '1 second' returning pool_id`.execute(
    tx,
  );
  return rows.flatMap(({ pool_id }) => pool_id ?? []);
}

export async function signOff(db: Db, id: string): Promise<void> {
  await sql`delete from private.workers where id = ${id}::uuid`.execute(db);
}

export async function listLiving(db: Db): Promise<string[]> {
  const rows = await db.selectFrom("private.workers").select("pool_id").execute();
  return rows.flatMap(({ pool_id }) => pool_id ?? []);
}
