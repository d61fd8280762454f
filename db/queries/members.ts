import { type RawBuilder, sql } from "kysely";
import type { Role } from "#contract/people.ts";
import type { Db, Tx } from "../client.ts";

/** A role as a number, so that SQL can compare two. */
export const roleRank = (role: RawBuilder<unknown>) => sql<number>`array_position(array['viewer', 'editor', 'admin', 'owner'], ${role})`;

export interface Membership {
  workspaceId: string;
  role: Role;
}

export interface MemberRow {
  userId: string;
  role: Role;
  joinedAt: string;
}

/**
 * Finds the workspace in which a person may work: the one asked for if they belong to it, or the one they used last. It
 * runs with the owner's login, because the rest of the request may see only what it returns.
 */
export async function findMembership(
  db: Db,
  { userId, workspaceId }: { userId: string; workspaceId?: string | undefined },
): Promise<Membership | undefined> {
  const row = await db
    .selectFrom("workspace_members")
    .select(["workspace_id", "role", sql<boolean>`coalesce(last_used_at < now() - interval '1 minute', true)`.as("is_stale")])
    .where("user_id", "=", userId)
    .$if(workspaceId !== undefined, (query) => query.where("workspace_id", "=", workspaceId as string))
    .orderBy("last_used_at", (order) => order.desc().nullsLast())
    .orderBy("created_at")
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  // Once a minute is enough to know the last one. Otherwise every request would be a write.
  if (row.is_stale) {
    await db
      .updateTable("workspace_members")
      .set({ last_used_at: sql`now()` })
      .where("workspace_id", "=", row.workspace_id)
      .where("user_id", "=", userId)
      .execute();
  }
  return { workspaceId: row.workspace_id, role: row.role as Role };
}

/** Lists the people of a workspace by the time they joined. The service members of API keys are left out. */
export async function listMembers(db: Db, workspaceId: string): Promise<MemberRow[]> {
  const rows = await selectPeople(db, workspaceId).orderBy("created_at").orderBy("user_id").execute();
  return rows.map(toMemberRow);
}

export async function findMember(db: Db, { workspaceId, userId }: { workspaceId: string; userId: string }): Promise<MemberRow | undefined> {
  const row = await selectPeople(db, workspaceId).where("user_id", "=", userId).executeTakeFirst();
  return row && toMemberRow(row);
}

/** Counts the owners and locks their rows until the transaction ends, so that two of them cannot demote each other at once. */
export async function lockOwners(tx: Tx, workspaceId: string): Promise<number> {
  const rows = await tx
    .selectFrom("workspace_members")
    .select("user_id")
    .where("workspace_id", "=", workspaceId)
    .where("kind", "=", "user")
    .where("role", "=", "owner")
    .orderBy("user_id")
    .forUpdate()
    .execute();
  return rows.length;
}

export async function addMember(db: Db, member: { workspaceId: string; userId: string; role: Role; kind?: "user" | "key" }): Promise<void> {
  await db
    .insertInto("workspace_members")
    .values({ workspace_id: member.workspaceId, user_id: member.userId, role: member.role, kind: member.kind ?? "user" })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function setMemberRole(db: Db, member: { workspaceId: string; userId: string; role: Role }): Promise<void> {
  await db
    .updateTable("workspace_members")
    .set({ role: member.role })
    .where("workspace_id", "=", member.workspaceId)
    .where("user_id", "=", member.userId)
    .where("kind", "=", "user")
    .execute();
}

export async function deleteMember(db: Db, { workspaceId, userId }: { workspaceId: string; userId: string }): Promise<void> {
  await db
    .deleteFrom("workspace_members")
    .where("workspace_id", "=", workspaceId)
    .where("user_id", "=", userId)
    .where("kind", "=", "user")
    .execute();
}

function selectPeople(db: Db, workspaceId: string) {
  return db
    .selectFrom("workspace_members")
    .select(["user_id", "role", "created_at"])
    .where("workspace_id", "=", workspaceId)
    .where("kind", "=", "user");
}

function toMemberRow(row: { user_id: string; role: string; created_at: Date }): MemberRow {
  return { userId: row.user_id, role: row.role as Role, joinedAt: row.created_at.toISOString() };
}
