import { sql } from "kysely";
import type { Db, Tx } from "../client.ts";

/** The owner that `--demo` made, and their demo workspace if it is still there. */
export async function findDemoOwner(db: Db, email: string): Promise<{ userId: string; demoWorkspaceId: string | undefined } | undefined> {
  const person = await db.selectFrom("private.users").select("id").where(sql<string>`lower(email)`, "=", email).executeTakeFirst();
  if (!person) return undefined;
  const workspace = await db
    .selectFrom("workspaces as w")
    .innerJoin("workspace_members as m", "m.workspace_id", "w.id")
    .select("w.id")
    .where("m.user_id", "=", person.id)
    .where("w.is_demo", "=", true)
    .orderBy("w.created_at")
    .executeTakeFirst();
  return { userId: person.id, demoWorkspaceId: workspace?.id };
}

export async function countWorkspaces(db: Db): Promise<number> {
  const { count } = await db.selectFrom("workspaces").select(db.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  return count;
}

/** Also ends every session begun with the old one. */
export async function replacePassword(db: Db, { userId, passwordHash }: { userId: string; passwordHash: string }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable("private.accounts")
      .set({ password: passwordHash })
      .where("user_id", "=", userId)
      .where("provider_id", "=", "credential")
      .execute();
    await tx.deleteFrom("private.sessions").where("user_id", "=", userId).execute();
  });
}

export async function revokeKeysNamed(tx: Tx, { workspaceId, name }: { workspaceId: string; name: string }): Promise<void> {
  await tx
    .updateTable("api_keys")
    .set({ revoked_at: sql`now()` })
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", name)
    .where("revoked_at", "is", null)
    .execute();
}
