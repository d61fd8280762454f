import { sql } from "kysely";
import type { z } from "zod";
import type { SignedInSession, User } from "#contract/people.ts";
import type { Db, Tx } from "../client.ts";

// People live in the schema `private`, which members cannot read: these queries run as the owner and only hand out
// what their callers may know. Those with a password are in `users`, those of a Supabase project in `supabase_people`;
// an instance that has changed its way of signing in has both.

const everybody = sql<User>`(
  select id, name, email from private.users union all select id, name, email from private.supabase_people)`;

export async function findUserByEmail(db: Db, email: string): Promise<User | undefined> {
  return db
    .selectFrom("private.users")
    .select(["id", "name", "email"])
    .where(sql`lower(email)`, "=", email.toLowerCase())
    .executeTakeFirst();
}

/** The accounts with this e-mail address: at most one with a password, and those of a Supabase project. */
export async function findPeopleByEmail(db: Db, email: string): Promise<User[]> {
  return db
    .selectFrom(everybody.as("p"))
    .select(["p.id", "p.name", "p.email"])
    .where(sql`lower(p.email)`, "=", email.toLowerCase())
    .execute();
}

export async function findUser(db: Db, userId: string): Promise<User | undefined> {
  return (await listPeople(db, [userId])).get(userId);
}

/** The people behind these ids, by id; those of service members are missing from it. */
export async function listPeople(db: Db, userIds: readonly string[]): Promise<Map<string, User>> {
  if (userIds.length === 0) return new Map();
  const people = await db.selectFrom(everybody.as("p")).select(["p.id", "p.name", "p.email"]).where("p.id", "in", userIds).execute();
  return new Map(people.map((person) => [person.id, person]));
}

/** A person who can sign in with this password. Undefined when the address already has an account. */
export async function createPerson(tx: Tx, given: { name: string; email: string; passwordHash: string }): Promise<User | undefined> {
  const user = await tx
    .insertInto("private.users")
    .values({ name: given.name, email: given.email.toLowerCase() })
    .onConflict((conflict) => conflict.doNothing())
    .returning(["id", "name", "email"])
    .executeTakeFirst();
  if (!user) return undefined;
  await tx
    .insertInto("private.accounts")
    .values({ user_id: user.id, account_id: user.id, provider_id: "credential", password: given.passwordHash })
    .execute();
  return user;
}

export async function listSessions(db: Db, userId: string): Promise<Omit<z.infer<typeof SignedInSession>, "current">[]> {
  const rows = await db
    .selectFrom("private.sessions")
    .select(["id", "user_agent", "created_at", "expires_at"])
    .where("user_id", "=", userId)
    .where("expires_at", ">", sql<Date>`now()`)
    .orderBy("created_at", "desc")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.user_agent || null,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }));
}

export interface LiveSession {
  userId: string;
  name: string;
  email: string;
  sessionId: string;
  isDueForRenewal: boolean;
}

/**
 * The person behind a session that is still good: used within 7 days (`expires_at`, moved on by renewals), begun
 * within 30, whatever its use.
 */
export async function findLiveSession(db: Db, tokenHash: string): Promise<LiveSession | undefined> {
  const row = await db
    .selectFrom("private.sessions as s")
    .innerJoin("private.users as u", "u.id", "s.user_id")
    .select(["s.id as session_id", "u.id", "u.name", "u.email", sql<boolean>`s.expires_at < now() + interval '6 days'`.as("is_due")])
    .where("s.token", "=", tokenHash)
    .where("s.expires_at", ">", sql<Date>`now()`)
    .where("s.created_at", ">", sql<Date>`now() - interval '30 days'`)
    .executeTakeFirst();
  return row && { userId: row.id, name: row.name, email: row.email, sessionId: row.session_id, isDueForRenewal: row.is_due };
}

export async function deleteSession(db: Db, { userId, sessionId }: { userId: string; sessionId: string }): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("private.sessions")
    .where("id", "=", sessionId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
