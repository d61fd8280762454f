import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";

const migration = readFileSync(join(import.meta.dirname, "../../supabase/migrations/20261128183100_instance_admins.sql"), "utf8");

let db: TestDb;
beforeEach(async () => {
  db = await createTestDb();
  // Back to the tables as they were before this migration.
  await sql`drop table private.instance_admins, private.instance_settings, private.instance_log`.execute(db.owner);
});
afterEach(() => db.drop());

async function state() {
  await sql.raw(migration).execute(db.owner);
  const admins = await sql<{ id: string }>`select user_id as id from private.instance_admins`.execute(db.owner);
  const settings = await sql<{ may: boolean }>`select members_may_create_workspaces as may from private.instance_settings`.execute(
    db.owner,
  );
  return { admins: admins.rows.map(({ id }) => id), membersMayCreate: settings.rows[0]?.may };
}

async function claimedBy(id: string) {
  await sql`insert into private.claim (token_hash, expires_at, claimed_at, claimed_by) values ('', now(), now(), ${id}::uuid)`.execute(
    db.owner,
  );
}

async function ownerOf(workspace: string): Promise<string> {
  const id = randomUUID();
  await db.owner
    .insertInto("private.users")
    .values({ id, name: "Owner", email: `${id}@example.com` })
    .execute();
  await db.owner.insertInto("workspaces").values({ id: workspace, name: workspace }).execute();
  await db.owner.insertInto("workspace_members").values({ workspace_id: workspace, user_id: id, role: "owner" }).execute();
  return id;
}

test("an instance in use: who claimed it is its admin, and members go on creating workspaces", async () => {
  const claimer = await ownerOf("first");
  await ownerOf("second");
  await claimedBy(claimer);
  expect(await state()).toEqual({ admins: [claimer], membersMayCreate: true });
});

test("an instance in use whose claimer is unknown has the owners of its oldest workspace as admins", async () => {
  const first = await ownerOf("first");
  await sql`update workspaces set created_at = now() - interval '1 day' where id = 'first'`.execute(db.owner);
  await ownerOf("second");
  await claimedBy(randomUUID());
  expect(await state()).toEqual({ admins: [first], membersMayCreate: true });
});

test("an instance that nobody has claimed has no admin yet, and only admins will create workspaces", async () => {
  expect(await state()).toEqual({ admins: [], membersMayCreate: false });
});
