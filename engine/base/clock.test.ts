import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { createTestClock, databaseClock } from "./clock.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

test.each([
  ["the database's", databaseClock],
  ["a test's", createTestClock()],
])("what is due by %s clock is looked up in the index, past all who sleep", async (_, clock) => {
  const plan = await db.owner.transaction().execute(async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    const { rows } = await sql<Record<string, string>>`explain
      select flow_execution_id from wake_ups where workspace_id = 'w' and due_at <= ${clock.now} order by due_at limit 500`.execute(tx);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
  expect(plan).toMatch(/Index Cond: .*due_at <= /);
});
