import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import type { SenderPace } from "#channels/channel.ts";
import type { MessageKind } from "#contract/message-kinds.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { createStillClock } from "../base/clock.ts";
import { takeSenderSlots } from "./sender-pace-rows.ts";

setUpEngine();

const sender = "+15550001111";
const actor = { id: null, name: "Test" };
let provider: FakeProvider & { paceOf(): SenderPace };
let pace: SenderPace;
/** It moves only when a test turns it, so what is due does not depend on how fast the machine is. */
let clock: ReturnType<typeof createStillClock>;
beforeEach(async () => {
  pace = { partsPerSecond: 1, partsPerDay: null };
  provider = { ...fakeProvider("sms"), from: sender, senders: [sender], paceOf: () => pace };
  const email = fakeProvider("email");
  clock = createStillClock(new Date());
  await restartEngine({ providerFor: async (_, channel) => (channel === "sms" ? provider : email) }, { clock });
});

/** What left of this workspace; those of the tests before it go on meanwhile. */
const left = () => provider.calls.filter((call) => call.workspaceId === workspaceId);
const flowOf = (kind: MessageKind = "marketing", name = "x") => buildFlow(db.owner, workspaceId, chain(node("start"), sms(name, { kind })));
const send = async (flowId: string, ids: string[]) => {
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  return sendId;
};
const states = async () => {
  const { rows } = await sql<{ status: string; waiting_for: string | null; count: number }>`
    select status, waiting_for, count(*)::int as count from flow_executions where workspace_id = ${workspaceId} group by 1, 2 order by 1, 2`.execute(
    db.owner,
  );
  return rows;
};
const steps = async () => {
  const { rows } = await sql<{ status: string; reason: string | null; count: number }>`
    select status, reason, count(*)::int as count from flow_execution_steps
    where workspace_id = ${workspaceId} and node_type = 'send_sms' group by 1, 2 order by 1, 2`.execute(db.owner);
  return rows;
};
const sent = async () => {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from messages where workspace_id = ${workspaceId} and status = 'sent'`.execute(db.owner);
  return rows[0]?.count;
};
/** Forward in steps of a second until nobody waits for the sender. */
async function untilAllLeft(people: number, mostSeconds: number): Promise<number> {
  for (let second = 1; second <= mostSeconds; second += 1) {
    await sluice.wait(1);
    if (left().length >= people) return second;
  }
  throw new Error(`After ${mostSeconds} seconds ${left().length} of ${people} had left.`);
}

describe("a send that is faster than its sender", () => {
  test("waits, message by message, and the history says why and until when; none is lost and none doubled", async () => {
    const ids = await buildContacts(db.owner, workspaceId, 12);
    await send(await flowOf(), ids);
    expect(left()).toHaveLength(1);
    expect(await states()).toEqual([
      { status: "completed", waiting_for: null, count: 1 },
      { status: "running", waiting_for: "pace", count: 11 },
    ]);
    expect(await steps()).toEqual([
      { status: "completed", reason: null, count: 1 },
      { status: "waiting", reason: "paced", count: 11 },
    ]);
    const { rows } = await sql<{
      moments: number;
    }>`select count(distinct date_trunc('second', wake_at))::int as moments from flow_execution_steps
      where workspace_id = ${workspaceId} and status = 'waiting'`.execute(db.owner);
    expect(rows[0]?.moments).toBeGreaterThanOrEqual(10);
    expect(await untilAllLeft(12, 30)).toBeGreaterThanOrEqual(10);
    expect(new Set(left().map(({ to }) => to)).size).toBe(12);
    expect(await sent()).toBe(12);
    expect(await states()).toEqual([{ status: "completed", waiting_for: null, count: 12 }]);
    // The wait is a step that ended well; the message has one of its own.
    expect(await steps()).toEqual([
      { status: "completed", reason: "paced", count: 11 },
      { status: "completed", reason: null, count: 12 },
    ]);
  });

  test("does not write to somebody who refused while they waited", async () => {
    const ids = await buildContacts(db.owner, workspaceId, 5);
    await send(await flowOf(), ids);
    await db.owner.updateTable("contacts").set({ sms_opted_out_at: new Date() }).where("workspace_id", "=", workspaceId).execute();
    await sluice.wait(60);
    expect(left()).toHaveLength(1);
    expect(await steps()).toContainEqual({ status: "skipped", reason: "opted_out_sms", count: 4 });
  });

  test("stands still while it is paused, goes on where it stood, and when stopped sends no more", async () => {
    const sendId = await send(await flowOf(), await buildContacts(db.owner, workspaceId, 6));
    await sluice.engine.pauseSend({ workspaceId, sendId, actor });
    await sluice.wait(30);
    expect(left()).toHaveLength(1);
    await sluice.engine.resumeSend({ workspaceId, sendId, actor });
    await sluice.wait(2);
    const before = left().length;
    expect(before).toBeGreaterThan(1);
    expect(before).toBeLessThan(6);
    await sluice.engine.stopSend({ workspaceId, sendId, actor });
    await sluice.wait(60);
    expect(left()).toHaveLength(before);
    expect(await states()).toContainEqual({ status: "cancelled", waiting_for: null, count: 6 - before });
  });

  test("lets what a person waits for go first, and a small send through", async () => {
    await send(await flowOf(), await buildContacts(db.owner, workspaceId, 200));
    const [waited, small] = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
    await send(await flowOf("transactional", "code"), [waited]);
    for (let second = 0; second < 5; second += 1) await sluice.wait(1);
    expect(left().filter(({ kind }) => kind === "transactional")).toHaveLength(1);
    await send(await flowOf("marketing", "one"), [small]);
    for (let second = 0; second < 8; second += 1) await sluice.wait(1);
    expect(left().filter(({ text }) => text.includes("one"))).toHaveLength(1);
    expect(left().length).toBeLessThan(20);
  });

  test("takes a pace that was changed at once, where somebody changes it", async () => {
    await send(await flowOf(), await buildContacts(db.owner, workspaceId, 40));
    pace = { partsPerSecond: 1_000, partsPerDay: null };
    await sluice.engine.tryChannel({ workspaceId, channel: "sms" });
    await sluice.wait(2);
    await sluice.wait(1);
    expect(left()).toHaveLength(40);
  });

  test("is held up by nobody who lets it try again and again", async () => {
    await send(await flowOf(), await buildContacts(db.owner, workspaceId, 20));
    for (let tries = 0; tries < 10; tries += 1) {
      await sluice.engine.tryChannel({ workspaceId, channel: "sms" });
      await sluice.run();
    }
    expect(await untilAllLeft(20, 60)).toBeLessThan(30);
  });

  test("keeps what is beyond the parts of a day for the next one", async () => {
    pace = { partsPerSecond: 1_000, partsPerDay: 3 };
    await send(await flowOf(), await buildContacts(db.owner, workspaceId, 5));
    expect(left()).toHaveLength(3);
    expect(await steps()).toContainEqual({ status: "waiting", reason: "paced", count: 2 });
    await sluice.wait(24 * 3600 + 5);
    expect(left()).toHaveLength(5);
  });
});

test("a sender without a pace, and a test, are asked nothing and wait for nothing", async () => {
  const flowId = await flowOf();
  const ids = await buildContacts(db.owner, workspaceId, 10);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, { isTest: true }));
  await sluice.run();
  Object.assign(provider, { paceOf: undefined });
  await send(flowId, ids);
  expect(left()).toHaveLength(10);
  expect(await db.owner.selectFrom("private.sender_paces").selectAll().where("workspace_id", "=", workspaceId).execute()).toEqual([]);
});

test("two workers that ask at the same moments never get more than the pace together, in any second of a virtual clock", async () => {
  const place = { workspaceId, channel: "sms" } as const;
  const asks = (worker: string) =>
    Array.from({ length: 7 }, () => ({ sender, pace: { partsPerSecond: 5, partsPerDay: null }, parts: 1, isFirst: false, line: worker }));
  const moments: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const answers = await Promise.all(["one", "two"].map((worker) => takeSenderSlots(db.owner, place, asks(worker), clock)));
    for (const slot of answers.flat()) if ("leavesIn" in slot) moments.push(clock.time() + slot.leavesIn);
    clock.moveTo(clock.time() + 300);
  }
  moments.sort((a, b) => a - b);
  expect(moments.length).toBeGreaterThan(50);
  for (const [index, at] of moments.entries()) if (index > 0) expect(at - (moments[index - 1] as number)).toBeGreaterThanOrEqual(199.9);
});

test("another engine on the same database shares the sender", async () => {
  await send(await flowOf(), await buildContacts(db.owner, workspaceId, 3));
  const other = await startTestEngine(db.owner, { providerFor: async () => provider }, { clock });
  await other.engine.createSend(sendTo(workspaceId, await flowOf("marketing", "y"), await buildContacts(db.owner, workspaceId, 3)));
  await other.run();
  // The second worker knows what the first has given out: it holds the moment that comes next, and no more.
  expect(left().length).toBeLessThanOrEqual(2);
});
