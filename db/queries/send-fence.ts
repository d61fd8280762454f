import { sql } from "kysely";
import type { Db, Tx } from "../client.ts";

// Whether this data may send. All of this runs as the owner of the database.

/**
 * At a start: writes down where the data lives, or raises the fence when it lives elsewhere than it did. Data that never
 * sent anything has nothing to send twice, and is at home wherever it is.
 */
export async function settlePlace(db: Db, { files }: { files: string | undefined }): Promise<void> {
  const known = files ?? null;
  await sql`
    insert into private.instance as i (place, files) values (private.data_place(), ${known})
    on conflict (only_row) do update set
      fenced_at = case when ${isElsewhere} and exists (select from flow_sends) then coalesce(i.fenced_at, now()) else i.fenced_at end,
      place = case when exists (select from flow_sends) then i.place else excluded.place end,
      files = case when ${isElsewhere} and exists (select from flow_sends) then i.files else coalesce(excluded.files, i.files) end
      where ${isElsewhere} or i.files is distinct from coalesce(excluded.files, i.files)`.execute(db);
}

/** A file that is not known proves no difference. */
const isElsewhere = sql`(i.place <> excluded.place or coalesce(i.files <> excluded.files, false))`;

/** Since when nothing is sent; null: it may. Raises the fence when the data was put back to another time meanwhile. */
export async function readFence(db: Db): Promise<Date | null> {
  const { rows } = await sql<{ fenced_at: Date | null; is_elsewhere: boolean }>`
    select fenced_at, fenced_at is null and place <> private.data_place() as is_elsewhere from private.instance`.execute(db);
  const row = rows[0];
  if (!row?.is_elsewhere) return row?.fenced_at ?? null;
  await raiseFence(db);
  return readFence(db);
}

/** Raises the fence after a restore by other means than ours. */
export async function raiseFence(db: Db): Promise<void> {
  await sql`
    insert into private.instance as i (place, fenced_at) values (private.data_place(), now())
    on conflict (only_row) do update set fenced_at = coalesce(i.fenced_at, now())`.execute(db);
}

/** Lowers the fence, because a person says that this data may send from here. Returns false when there was no fence. */
export async function liftFence(tx: Tx, { userId, files }: { userId: string | null; files?: string | undefined }): Promise<boolean> {
  const { rows } = await sql`
    update private.instance set fenced_at = null, place = private.data_place(), files = ${files ?? null},
      confirmed_at = now(), confirmed_by = ${userId}::uuid
    where fenced_at is not null returning only_row`.execute(tx);
  return rows.length === 1;
}
