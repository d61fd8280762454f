import { sql } from "kysely";
import type { Db, Tx } from "../client.ts";

// Everything here runs as the owner: people and their passwords are in a schema that members cannot read.

/** Keeps a new link of a person. Links that were made for the person before no longer work. */
export async function insertPasswordReset(
  tx: Tx,
  reset: { tokenHash: Buffer; userId: string; createdBy: string | null; hours: number },
): Promise<{ expiresAt: string }> {
  await tx.deleteFrom("private.password_resets").where("user_id", "=", reset.userId).execute();
  const { expires_at } = await tx
    .insertInto("private.password_resets")
    .values({
      token_hash: reset.tokenHash,
      user_id: reset.userId,
      created_by: reset.createdBy,
      expires_at: sql<Date>`now() + make_interval(hours => ${reset.hours}::integer)`,
    })
    .returning("expires_at")
    .executeTakeFirstOrThrow();
  return { expiresAt: expires_at.toISOString() };
}

export interface PresentedReset {
  userId: string;
  email: string;
  name: string;
  isUsable: boolean;
}

/** The person whose password a link may change. With `lock` everybody else with the same link waits. */
export async function findPasswordReset(
  db: Db,
  { tokenHash, lock }: { tokenHash: Buffer; lock: boolean },
): Promise<PresentedReset | undefined> {
  const row = await db
    .selectFrom("private.password_resets as r")
    .innerJoin("private.users as u", "u.id", "r.user_id")
    .select(["u.id", "u.email", "u.name", sql<boolean>`r.expires_at > clock_timestamp()`.as("is_usable")])
    .where("r.token_hash", "=", tokenHash)
    .$if(lock, (query) => query.forUpdate("r"))
    .executeTakeFirst();
  return row && { userId: row.id, email: row.email, name: row.name, isUsable: row.is_usable };
}

/** Sets the password, ends every session of the person and uses up all of their links. */
export async function setPassword(tx: Tx, { userId, passwordHash }: { userId: string; passwordHash: string }): Promise<void> {
  await tx
    .updateTable("private.accounts")
    .set({ password: passwordHash, updated_at: sql<Date>`now()` })
    .where("user_id", "=", userId)
    .where("provider_id", "=", "credential")
    .execute();
  await tx.deleteFrom("private.sessions").where("user_id", "=", userId).execute();
  await tx.deleteFrom("private.password_resets").where("user_id", "=", userId).execute();
}

/**
 * Whether every workspace of a person belongs to another person as owner. A link to a new password opens all workspaces
 * of the person who uses it, so nobody may make one who does not answer for all of them.
 */
export async function ownsEveryWorkspaceOf(db: Db, { ownerId, userId }: { ownerId: string; userId: string }): Promise<boolean> {
  const { rows } = await sql<{ owns: boolean }>`
    select not exists (select from public.workspace_members m where m.user_id = ${userId}::uuid and not exists (
      select from public.workspace_members o
      where o.workspace_id = m.workspace_id and o.user_id = ${ownerId}::uuid and o.role = 'owner')) as owns`.execute(db);
  return rows[0]?.owns === true;
}
