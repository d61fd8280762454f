import { sql } from "kysely";
import type { ApiKey, Scope } from "#contract/people.ts";
import type { Db, Tx } from "../client.ts";
import { roleRank } from "./members.ts";

/** Once a minute is enough to see whether a key is in use. Otherwise every read would be a write. */
const isStale = sql<boolean>`coalesce(k.last_used_at < now() - interval '1 minute', true)`;

/** A key never has more authority than its maker has now. Keys that nobody made, such as those of a script, have no maker to lose. */
const makerStillMay = sql<boolean>`(k.created_by is null or exists (
  select from workspace_members maker where maker.workspace_id = k.workspace_id and maker.user_id = k.created_by
    and ${roleRank(sql`maker.role`)} >= ${roleRank(sql`m.role`)}))`;

export interface LiveApiKey {
  id: string;
  workspaceId: string;
  memberId: string;
  /** Who made it; null for one of a script. */
  madeBy: string | null;
  name: string;
  secretHash: Buffer;
  scopes: Scope[];
  /** Whether `touchApiKey` has something to write. */
  isStale: boolean;
}

/** Finds a key that may be used now. It runs with the owner's login, because no other may read the hash. */
export async function findLiveApiKey(db: Db, keyId: string): Promise<LiveApiKey | undefined> {
  const row = await db
    .selectFrom("api_keys as k")
    .innerJoin("workspace_members as m", (join) =>
      join.onRef("m.workspace_id", "=", "k.workspace_id").onRef("m.user_id", "=", "k.member_id"),
    )
    .select(["k.id", "k.workspace_id", "k.member_id", "k.created_by", "k.name", "k.secret_hash", "k.scopes", isStale.as("is_stale")])
    .where("k.id", "=", keyId)
    .where("k.revoked_at", "is", null)
    .where("k.expires_at", ">", sql<Date>`now()`)
    .where(makerStillMay)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    memberId: row.member_id,
    madeBy: row.created_by,
    name: row.name,
    secretHash: row.secret_hash,
    scopes: row.scopes as Scope[],
    isStale: row.is_stale,
  };
}

export async function touchApiKey(db: Db, keyId: string): Promise<void> {
  await db.updateTable("api_keys").set({ last_used_at: sql`now()` }).where("id", "=", keyId).execute();
}

/** Keys that were not revoked, newest first; an expired one is listed until somebody removes it. */
export async function listApiKeys(db: Db, workspaceId: string): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom("api_keys")
    .select(["id", "name", "scopes", "created_at", "last_used_at", "expires_at"])
    .where("workspace_id", "=", workspaceId)
    .where("revoked_at", "is", null)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(toApiKey);
}

export interface NewApiKeyRow {
  id: string;
  workspaceId: string;
  memberId: string;
  name: string;
  secretHash: Buffer;
  scopes: readonly Scope[];
  createdBy: string;
  expiresInDays: number;
}

export async function insertApiKey(tx: Tx, key: NewApiKeyRow): Promise<ApiKey> {
  const row = await tx
    .insertInto("api_keys")
    .values({
      id: key.id,
      workspace_id: key.workspaceId,
      member_id: key.memberId,
      name: key.name,
      secret_hash: key.secretHash,
      scopes: [...key.scopes],
      created_by: key.createdBy,
      expires_at: sql`now() + make_interval(days => ${key.expiresInDays}::integer)`,
    })
    .returning(["id", "name", "scopes", "created_at", "last_used_at", "expires_at"])
    .executeTakeFirstOrThrow();
  return toApiKey(row);
}

/** Returns false when there is no such key here, or it was revoked before. */
export async function revokeApiKey(db: Db, { workspaceId, keyId }: { workspaceId: string; keyId: string }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("api_keys")
    .set({ revoked_at: sql`now()` })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", keyId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function toApiKey(row: {
  id: string;
  name: string;
  scopes: readonly string[];
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date;
}): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes as Scope[],
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
  };
}
