import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import type { TestEngine } from "#test/engine.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import type { BreakPoint } from "../base/break-point.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

let db: TestDb;
let workspaceId: string;
let engine: TestEngine;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.owner.deleteFrom("workspaces").execute();
  await sql`delete from private.inline_jobs`.execute(db.owner).catch(() => {});
  workspaceId = await buildWorkspace(db.owner);
  engine = await startTestEngine(db.owner);
});
afterEach(async () => {
  onBreakPoint(undefined);
  await expectTotalsToAddUp(db.owner);
});

const leave = (flowIds?: string[]) => node("leave_flows", flowIds ? { flows: { type: "these", flowIds } } : {});
const send = (flow: string, ids: string[], more = {}) => engine.engine.createSend(sendTo(workspaceId, flow, ids, more));
const executionsOf = (flow: string) =>
  db.owner.selectFrom("flow_executions").selectAll().where("flow_id", "=", flow).orderBy("id").execute();
const statusesOf = async (flow: string) => (await executionsOf(flow)).map(({ status }) => status);
const endedCounts = async () => {
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .select("result")
    .where("node_type", "=", "leave_flows")
    .orderBy("id")
    .execute();
  return steps.map(({ result }) => result.ended);
};
const sleeper = () => buildFlow(db.owner, workspaceId, chain(node("start"), wait(600), sms("late")));

test("ends the other flows of this contact, not itself, not those of others, and not tests", async () => {
  const [a, b] = [await sleeper(), await sleeper()];
  const leaver = await buildFlow(db.owner, workspaceId, chain(node("start"), leave(), wait(60), sms("still here")));
  const [one, two] = (await buildContacts(db.owner, workspaceId, 2)) as [string, string];
  for (const flow of [a, b]) await send(flow, [one, two]);
  await send(a, [one], { isTest: true });
  await engine.run();
  await send(leaver, [one]);
  await engine.run();
  const ended = (await executionsOf(a)).find(({ contact_id, metadata }) => contact_id === one && !metadata.isTest);
  expect(ended).toMatchObject({ status: "cancelled", ended_reason: "left_flows", wake_at: null });
  expect((await statusesOf(a)).sort()).toEqual(["cancelled", "running", "running"]);
  expect((await statusesOf(b)).sort()).toEqual(["cancelled", "running"]);
  expect(await endedCounts()).toEqual([2]);
  await engine.wait(61);
  expect(engine.providers.sms.calls.map(({ text }) => text)).toEqual(["still here"]);
});

test("ends only the flows it names", async () => {
  const [a, b] = [await sleeper(), await sleeper()];
  const leaver = await buildFlow(db.owner, workspaceId, chain(node("start"), leave([a])));
  const ids = [await buildContact(db.owner, workspaceId)];
  for (const flow of [a, b]) await send(flow, ids);
  await engine.run();
  await send(leaver, ids);
  await engine.run();
  expect([...(await statusesOf(a)), ...(await statusesOf(b))]).toEqual(["cancelled", "running"]);
});

test("of two that end each other one stays, whoever comes first", async () => {
  const leaver = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), leave(), sms("survivor")));
  const ids = await buildContacts(db.owner, workspaceId, 20);
  await send(leaver, ids);
  await send(leaver, ids);
  await engine.run();
  const second = await startTestEngine(db.owner);
  second.driver.clock.forward(61_000);
  engine.driver.clock.forward(61_000);
  await Promise.all([engine.run(), second.run()]);
  for (let i = 0; i < 6; i += 1) await engine.wait(10);
  const statuses = (await statusesOf(leaver)).sort();
  expect(statuses).toEqual([...Array(20).fill("cancelled"), ...Array(20).fill("completed")]);
});

test("a message in flight finishes first, and what it came to is recorded", async () => {
  let answer: () => void = () => {};
  const slow = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("slow"), sms("next", {}, "next")));
  const leaver = await buildFlow(db.owner, workspaceId, chain(node("start"), leave()));
  const ids = [await buildContact(db.owner, workspaceId)];
  engine.providers.sms.answer(() => new Promise((resolve) => (answer = () => resolve({ outcome: "accepted", providerMessageId: "x" }))));
  await send(slow, ids);
  const running = engine.run();
  await expect.poll(() => engine.providers.sms.calls.length).toBe(1);
  const second = await startTestEngine(db.owner);
  await second.engine.createSend(sendTo(workspaceId, leaver, ids));
  await second.run();
  expect(await executionsOf(slow)).toMatchObject([{ status: "pending", cancel_reason: "left_flows" }]);
  answer();
  await running;
  for (let i = 0; i < 3; i += 1) await engine.wait(1);
  expect(await executionsOf(slow)).toMatchObject([{ status: "cancelled", ended_reason: "left_flows" }]);
  const messages = await db.owner.selectFrom("messages").select("status").where("workspace_id", "=", workspaceId).execute();
  expect(messages).toEqual([{ status: "sent" }]);
});

test("an execution that was started to be waited for does not end the one that waits", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), leave(), sms("child")));
  const parent = await buildFlow(db.owner, workspaceId, chain(node("start"), node("start_flow", { flowId: child, wait: true })));
  const other = await sleeper();
  const ids = [await buildContact(db.owner, workspaceId)];
  await send(other, ids);
  await engine.run();
  await send(parent, ids);
  for (let i = 0; i < 3; i += 1) await engine.run();
  expect([...(await statusesOf(parent)), ...(await statusesOf(child)), ...(await statusesOf(other))]).toEqual([
    "completed",
    "completed",
    "cancelled",
  ]);
});

test("five hundred leave in one pass", async () => {
  const a = await sleeper();
  const leaver = await buildFlow(db.owner, workspaceId, chain(node("start"), leave()));
  const ids = await buildContacts(db.owner, workspaceId, 500);
  await send(a, ids);
  await engine.run();
  await send(leaver, ids);
  await engine.run();
  expect(new Set(await statusesOf(a))).toEqual(new Set(["cancelled"]));
  expect(new Set(await endedCounts())).toEqual(new Set([1]));
});

test.each(["chunk-read", "leaving", "leaves-committed", "before-save", "saving"] as BreakPoint[])(
  "a death at %s ends each once and counts it once",
  async (point) => {
    const a = await sleeper();
    const leaver = await buildFlow(db.owner, workspaceId, chain(node("start"), leave(), node("end")));
    const ids = await buildContacts(db.owner, workspaceId, 3);
    await send(a, ids);
    await engine.run();
    await send(leaver, ids);
    let left = 1;
    onBreakPoint((name) => {
      if (name === point && --left === 0) throw new SimulatedCrash(point);
    });
    await engine.run().catch((error: unknown) => {
      if (!(error instanceof SimulatedCrash)) throw error;
    });
    onBreakPoint(undefined);
    const dead = engine;
    engine = await startTestEngine(db.owner);
    await freeTheDead(db.owner, dead);
    for (let i = 0; i < 3; i += 1) await engine.wait(10);
    expect(await statusesOf(a)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(await statusesOf(leaver)).toEqual(["completed", "completed", "completed"]);
    expect(await endedCounts()).toEqual([1, 1, 1]);
  },
);
