import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { dumpSchema } from "./dump.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

test('db/schema.sql is what the migrations make (if not: "npm run db:dump")', async () => {
  const committed = readFileSync(join(import.meta.dirname, "schema.sql"), "utf8");
  expect(await dumpSchema(db.ownerUrl)).toBe(committed);
});
