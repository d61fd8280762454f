import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { buildWorkspace } from "#test/factories.ts";
import { seedHistory } from "#test/seed-history.ts";
import { findOrphans, lookForOrphansDaily } from "./orphans.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
  const workspaceId = await buildWorkspace(db.owner);
  const history = await seedHistory(db.owner, workspaceId);
  const executionId = await history.execution(await history.send(await history.flow()));
  await history.step(executionId);
  await history.message({ flow_execution_id: executionId });
});
afterAll(() => db.drop());

/** Rows that the keys would refuse: as if something wrote them while Postgres did not look. */
const unlooked = (change: (tx: TestDb["owner"]) => Promise<unknown>) =>
  db.owner.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await change(tx);
  });
const daily = async () => {
  await sql`delete from private.leases`.execute(db.owner);
  await lookForOrphansDaily(db.owner);
  return (await sql<{ child: string; rows: number }>`select child, rows from private.orphans order by child`.execute(db.owner)).rows;
};

test("rows that all have their parents are not told", async () => {
  expect(await findOrphans(db.owner)).toEqual([]);
});

test("a step whose execution belongs to another workspace, and a message whose execution is gone, are found", async () => {
  const other = await buildWorkspace(db.owner);
  await unlooked((tx) =>
    sql`update flow_execution_steps set workspace_id = ${other} where id = (select id from flow_execution_steps limit 1)`.execute(tx),
  );
  await unlooked((tx) =>
    sql`update messages set flow_execution_id = gen_random_uuid() where id = (select id from messages limit 1)`.execute(tx),
  );
  const found = await findOrphans(db.owner);
  expect(found.map(({ child, parent, rows }) => ({ child, parent, rows }))).toEqual([
    { child: "flow_execution_steps", parent: "flow_executions", rows: 1 },
    { child: "messages", parent: "flow_executions", rows: 1 },
  ]);
});

test("the look by night keeps what it finds until it is mended, and looks once a day however many processes ask", async () => {
  expect(await daily()).toEqual([
    { child: "flow_execution_steps", rows: 1 },
    { child: "messages", rows: 1 },
  ]);
  await sql`delete from messages m where not exists (select from flow_executions e where e.id = m.flow_execution_id)`.execute(db.owner);
  await lookForOrphansDaily(db.owner);
  expect((await sql`select from private.orphans`.execute(db.owner)).rows).toHaveLength(2);
  expect(await daily()).toEqual([{ child: "flow_execution_steps", rows: 1 }]);
});
