import { sql } from "kysely";
import type { Db, Tx } from "../client.ts";

// The instance's one row that says whether it has an owner. All of this runs as the owner of the database.

export async function isClaimed(db: Db): Promise<boolean> {
  const row = await db.selectFrom("private.claim").select("claimed_at").executeTakeFirst();
  return row?.claimed_at != null;
}

/** Replaces the link of an earlier start. False when the instance has an owner already. */
export async function setClaimToken(db: Db, { tokenHash, minutes }: { tokenHash: Buffer; minutes: number }): Promise<boolean> {
  const { rows } = await sql`
    insert into private.claim as c (token_hash, expires_at)
    values (${tokenHash}, now() + make_interval(mins => ${minutes}::integer))
    on conflict (only_row) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at
      where c.claimed_at is null
    returning c.only_row
  `.execute(db);
  return rows.length === 1;
}

export type ClaimCheck = "open" | "claimed" | "wrong" | "expired";

/** Says whether the token is valid. With `lock`, other transactions with the same token wait until this one ends. */
export async function checkClaimToken(db: Db, { tokenHash, lock }: { tokenHash: Buffer; lock: boolean }): Promise<ClaimCheck> {
  const row = await db
    .selectFrom("private.claim")
    .select([
      "claimed_at",
      sql<boolean>`token_hash = ${tokenHash}`.as("matches"),
      sql<boolean>`expires_at <= clock_timestamp()`.as("is_expired"),
    ])
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) return "wrong";
  if (row.claimed_at !== null) return "claimed";
  if (!row.matches) return "wrong";
  return row.is_expired ? "expired" : "open";
}

/** Marks the instance as owned. False when somebody else was first. */
export async function markClaimed(tx: Tx, userId: string): Promise<boolean> {
  const { rows } = await sql`
    insert into private.claim as c (token_hash, expires_at, claimed_at, claimed_by)
    values ('', now(), now(), ${userId}::uuid)
    on conflict (only_row) do update set claimed_at = now(), claimed_by = ${userId}::uuid, token_hash = ''
      where c.claimed_at is null
    returning c.only_row
  `.execute(tx);
  return rows.length === 1;
}
