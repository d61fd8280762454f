import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { onBreakPoint, SimulatedCrash } from "./break-point.ts";

let db: TestDb;
let workspaceId: string;
beforeAll(async () => {
  db = await createTestDb();
});
beforeEach(async () => {
  workspaceId = await buildWorkspace(db.owner);
});
afterEach(() => expectTotalsToAddUp(db.owner));
afterAll(() => db.drop());

const flow = chain(node("start"), wait(60), sms(), node("end"));
const wakeUps = async () =>
  Number(
    (
      await db.owner
        .selectFrom("wake_ups")
        .select(({ fn }) => fn.countAll().as("n"))
        .executeTakeFirstOrThrow()
    ).n,
  );

test("wakes nobody before the time, and everybody after it, leaving no wake-up behind", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 20);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { engine, run, wait: turn, providers } = await startTestEngine(db.owner);
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  await run();
  expect(await wakeUps()).toBe(20);
  await turn(59);
  expect(providers.sms.calls).toHaveLength(0);
  await turn(2);
  expect(providers.sms.calls).toHaveLength(20);
  expect(await wakeUps()).toBe(0);
});

test("hands over in chunks of one workspace and one version", async () => {
  const other = await buildWorkspace(db.owner);
  const { engine, driver, run, wait: turn } = await startTestEngine(db.owner);
  for (const workspace of [workspaceId, other]) {
    const ids = await buildContacts(db.owner, workspace, 3);
    for (const graph of [flow, chain(node("start"), wait(60), sms("another"))]) {
      await engine.createSend(sendTo(workspace, await buildFlow(db.owner, workspace, graph), ids));
    }
  }
  await run();
  driver.clock.forward(61_000);
  const jobs = await turn(0);
  expect(jobs).toBe(4);
});

test("is due once more when what was handed over got lost, and not before", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const first = await startTestEngine(db.owner);
  await first.engine.createSend(sendTo(workspaceId, flowId, ids));
  await first.run();
  // A worker hands them over and dies; then somebody empties the queue.
  onBreakPoint((name) => {
    if (name === "timers-handed-over") throw new SimulatedCrash();
  });
  await expect(first.wait(61)).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await sql`delete from private.inline_jobs`.execute(db.owner);
  await first.wait(61);
  expect(first.providers.sms.calls).toHaveLength(0);
  await first.wait(61);
  expect(first.providers.sms.calls).toHaveLength(3);
});

test("a woken execution that was handed over twice goes on once", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 5);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { engine, driver, run, providers } = await startTestEngine(db.owner);
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  await run();
  driver.clock.forward(61_000);
  const { rows } = await sql<{ id: string }>`select flow_execution_id as id from wake_ups`.execute(db.owner);
  const executionIds = rows.map(({ id }) => id);
  await driver.wake(db.owner, [
    { kind: "advance", executionIds, priority: 0 },
    { kind: "advance", executionIds: executionIds.slice(0, 2), priority: 0 },
  ]);
  await run();
  expect(providers.sms.calls).toHaveLength(5);
});

test("a job for executions that are not due yet does nothing", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 2);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { engine, driver, run, wait: turn, providers } = await startTestEngine(db.owner);
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  await run();
  const { rows } = await sql<{ id: string }>`select flow_execution_id as id from wake_ups`.execute(db.owner);
  await driver.wake(db.owner, [{ kind: "advance", executionIds: rows.map(({ id }) => id), priority: 0 }]);
  await run();
  expect(providers.sms.calls).toHaveLength(0);
  await turn(61);
  expect(providers.sms.calls).toHaveLength(2);
});
