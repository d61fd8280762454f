import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { dumpSchema } from "./dump.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

// The server writes views in words of its own, and ids are made otherwise before 18: the dump is that of the one we bring.
const isOurs = async () =>
  (await sql<{ is: boolean }>`select current_setting('server_version_num')::int >= 180000 as is`.execute(db.owner)).rows[0]?.is;

test('db/schema.sql is what the migrations make (if not: "npm run db:dump")', async () => {
  if (!(await isOurs())) return;
  const committed = readFileSync(join(import.meta.dirname, "../schema.sql"), "utf8");
  expect(await dumpSchema(db.ownerUrl)).toBe(committed);
});
