import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDb, type Db } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { sendTo, startTestEngine, type TestEngine } from "#test/engine.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";

// One press of Send may arrive many times at once. Every request must get the same answer, also at the very moment at
// which none of them has written anything yet.

const atOnce = 12;
let store: TestDb;
let many: Db;
let few: Db;
let workspaceId: string;
beforeAll(async () => {
  store = await createTestDb();
  many = createDb(store.ownerUrl, { maxConnections: atOnce + 2 });
  few = createDb(store.ownerUrl, { maxConnections: 2 });
});
beforeEach(async () => {
  workspaceId = await buildWorkspace(store.owner);
});
afterAll(async () => {
  await Promise.all([many.destroy(), few.destroy()]);
  await store.drop();
});

/** Holds back every insert into a table until all requests stand before it, and lets them go in the same moment. */
async function allAtOnce<T>(table: string, requests: readonly (() => Promise<T>)[]): Promise<T[]> {
  let answers: Promise<T[]> = Promise.resolve([]);
  await store.owner.transaction().execute(async (tx) => {
    await sql`lock table ${sql.table(table)} in share mode`.execute(tx);
    answers = Promise.all(requests.map((request) => request()));
    answers.catch(() => {});
    for (let waiting = 0; waiting < requests.length; ) {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_locks where relation = ${table}::regclass and not granted`.execute(tx);
      waiting = rows[0]?.waiting ?? 0;
    }
  });
  return answers;
}

/** The ids of the same contacts in another order for each request. */
const turned = (ids: readonly string[], by: number) => [...ids.slice(by % ids.length), ...ids.slice(0, by % ids.length)];

async function expectOneSend(sluice: TestEngine, sendId: string, contacts: number): Promise<void> {
  await sluice.run();
  const sends = await store.owner.selectFrom("flow_sends").select(["id", "enrolled"]).where("workspace_id", "=", workspaceId).execute();
  expect(sends).toEqual([{ id: sendId, enrolled: contacts }]);
  expect(sluice.providers.sms.calls).toHaveLength(contacts);
  await expectTotalsToAddUp(store.owner);
}

test.each([
  ["that was sent before", true],
  ["that was never sent", false],
])("a send of a flow %s, asked for many times at the same moment, is one send with one answer", async (_which, wasSent) => {
  for (let round = 0; round < 8; round += 1) {
    workspaceId = await buildWorkspace(store.owner);
    const flowId = await buildFlow(store.owner, workspaceId, chain(node("start"), sms(), node("end")));
    const ids = await buildContacts(store.owner, workspaceId, 3);
    const sluice = await startTestEngine(many);
    if (wasSent) {
      const tried = sendTo(workspaceId, flowId, ids, { isTest: true });
      const { sendId: earlier } = await sluice.engine.createSend(tried);
      await sluice.run();
      await store.owner.deleteFrom("flow_sends").where("id", "=", earlier).execute();
      sluice.providers.sms.calls.length = 0;
    }
    const sendId = randomUUID();
    const requests = Array.from(
      { length: atOnce },
      (_, n) => () => sluice.engine.createSend(sendTo(workspaceId, flowId, turned(ids, n), { sendId })),
    );
    const answers = await (wasSent ? allAtOnce("flow_sends", requests) : Promise.all(requests.map((request) => request())));
    expect(new Set(answers.map((answer) => answer.sendId))).toEqual(new Set([sendId]));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    await expectOneSend(sluice, sendId, ids.length);
    await sluice.engine.stop();
  }
});

test("with two connections for all of them, the requests wait for each other and all are answered", async () => {
  const flowId = await buildFlow(store.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const ids = await buildContacts(store.owner, workspaceId, 5);
  const sluice = await startTestEngine(few);
  const sendId = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => sluice.engine.createSend(sendTo(workspaceId, flowId, turned(ids, n), { sendId }))),
  );
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  await expectOneSend(sluice, sendId, ids.length);
  await sluice.engine.stop();
});
