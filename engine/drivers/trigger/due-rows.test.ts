import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node } from "#test/graphs.ts";
import { databaseClock } from "../../base/clock.ts";
import { askForDue } from "./due-rows.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

/** How often executions were read, as Postgres counts it when this connection has told what it did. */
async function readsOfExecutions(connection: Db): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(connection);
  const { rows } = await sql<{ reads: number }>`
    select (seq_scan + idx_scan)::int as reads from pg_stat_user_tables where relname = 'flow_executions'`.execute(connection);
  return rows[0]?.reads ?? 0;
}

test("a look that finds nothing ready reads no executions, however many there are", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), node("end")));
  const { engine } = await startTestEngine(db.owner);
  await engine.createSend(sendTo(workspaceId, flowId, [await buildContact(db.owner, workspaceId)]));
  await engine.stop();
  // Its lane is there and is not ready.
  await db.owner.updateTable("flow_sends").set({ state: "paused" }).execute();
  await db.owner.connection().execute(async (connection) => {
    const before = await readsOfExecutions(connection);
    for (let look = 0; look < 5; look += 1) await askForDue(connection, 600, databaseClock);
    expect(await readsOfExecutions(connection)).toBe(before);
  });
  expect(await db.owner.selectFrom("private.trigger_runs").selectAll().execute()).toEqual([]);
});
