import { sql } from "kysely";
import { expect, test } from "vitest";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { createTestClock, databaseClock } from "./clock.ts";

setUpTestDb();

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
