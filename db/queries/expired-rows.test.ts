import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { deleteExpiredRows } from "./expired-rows.ts";
import { createPerson } from "./people.ts";
import { consumeAttempt } from "./rate-limits.ts";
import { createWorkspace } from "./workspaces.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

test("what has served its time is removed, and nothing else", async () => {
  const person = await db.owner.transaction().execute((tx) => createPerson(tx, { name: "P", email: "p@example.com", passwordHash: "x" }));
  const user_id = (person as { id: string }).id;
  const { id: workspace_id } = await db.owner.transaction().execute((tx) => createWorkspace(tx, { name: "W", ownerId: user_id }));

  const session = (token: string, expires: string, created: string) =>
    sql`insert into private.sessions (user_id, token, expires_at, created_at) values (${user_id}, ${token}, now() + ${expires}::interval, now() - ${created}::interval)`.execute(
      db.owner,
    );
  await session("good", "1 day", "29 days");
  await session("idle", "-1 second", "1 day");
  await session("old", "1 day", "30 days 1 second");
  const key = (name: string, age: string) =>
    sql`insert into idempotency_keys (workspace_id, principal_id, route, key, request_hash, created_at)
      values (${workspace_id}, ${randomUUID()}, 'r', ${name}, 'h', now() - ${age}::interval)`.execute(db.owner);
  await key("good", "47 hours");
  await key("old", "49 hours");
  await consumeAttempt(db.owner, { key: "good", window: 900, max: 5 });
  await consumeAttempt(db.owner, { key: "old", window: 900, max: 5 });
  await sql`update private.rate_limits set last_request = last_request - 25 * 3600 * 1000 where key = 'old'`.execute(db.owner);
  const doubtful = (age: string) =>
    sql`insert into private.unknown_messages (message_id, workspace_id, became_at) values (${randomUUID()}::uuid, ${workspace_id}, now() - ${age}::interval)`.execute(
      db.owner,
    );
  await doubtful("6 days");
  await doubtful("8 days");

  const { id: flow_id } = await db.owner
    .insertInto("flows")
    .values({ workspace_id, name: "F", nodes: "[]", edges: "[]" })
    .returning("id")
    .executeTakeFirstOrThrow();
  const tab = (id: string, age: string) =>
    sql`insert into private.flow_presence (workspace_id, flow_id, user_id, tab, name, seen_at)
      values (${workspace_id}, ${flow_id}, ${user_id}, ${id}, 'P', now() - ${age}::interval)`.execute(db.owner);
  const fresh = randomUUID();
  await tab(fresh, "59 minutes");
  await tab(randomUUID(), "61 minutes");

  await deleteExpiredRows(db.owner);

  expect((await sql<{ tab: string }>`select tab from private.flow_presence`.execute(db.owner)).rows).toEqual([{ tab: fresh }]);
  expect((await sql`select 1 from private.unknown_messages`.execute(db.owner)).rows).toHaveLength(1);

  expect(await db.owner.selectFrom("private.sessions").select("token").execute()).toEqual([{ token: "good" }]);
  expect(await db.owner.selectFrom("idempotency_keys").select("key").execute()).toEqual([{ key: "good" }]);
  expect(await db.owner.selectFrom("private.rate_limits").select("key").execute()).toEqual([{ key: "good" }]);
});
