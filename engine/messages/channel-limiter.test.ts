import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SendResult } from "#channels/channel.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import type { TestEngine } from "#test/engine.ts";
import { sendTo, silentLog, startTestEngine } from "#test/engine.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { createChannelLimiter } from "./channel-limiter.ts";

let db: TestDb;
let workspaceId: string;
let sluice: TestEngine;
beforeAll(async () => {
  db = await createTestDb();
});
beforeEach(async () => {
  workspaceId = await buildWorkspace(db.owner);
  sluice = await startTestEngine(db.owner);
});
afterEach(() => expectTotalsToAddUp(db.owner));
afterAll(() => db.drop());

const limit = (perMinute: number | null) =>
  sql`insert into private.channel_gates (workspace_id, channel, per_minute) values (${workspaceId}, 'sms', ${perMinute}::int)
    on conflict (workspace_id, channel) do update set per_minute = excluded.per_minute`.execute(db.owner);
const texts = () => sluice.providers.sms.calls.length;
const mails = () => sluice.providers.email.calls.length;
const busy: SendResult = { outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true };

async function begin(people: number, graph = chain(node("start"), sms(), node("end"))) {
  const ids = await buildContacts(db.owner, workspaceId, people);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, graph), ids));
  await sluice.run();
  return sendId;
}

describe("a rate", () => {
  test("is kept from second to second, nobody is left out, and it holds no worker", async () => {
    await limit(120);
    const sendId = await begin(40);
    expect(texts()).toBeLessThanOrEqual(2);
    for (let second = 1; second <= 10; second += 1) {
      await sluice.wait(1);
      expect(texts()).toBeLessThanOrEqual(2 * second + 3);
    }
    expect(texts()).toBeGreaterThanOrEqual(18);
    for (let i = 0; i < 15; i += 1) await sluice.wait(1);
    expect(texts()).toBe(40);
    const send = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirst();
    expect(send).toMatchObject({ state: "done", completed: 40 });
  });

  test("is shared by all workers, to the message", async () => {
    await limit(600);
    const limiter = () => createChannelLimiter({ db: db.owner, clock: sluice.driver.clock, log: silentLog });
    const place = { workspaceId, channel: "sms" } as const;
    const [one, two] = [limiter(), limiter()];
    sluice.driver.clock.forward(5_000);
    const entries = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).acquire(place, 3)));
    const granted = entries.reduce((sum, entry) => sum + entry.granted, 0);
    // What a second brings, and the little that came while they asked.
    expect(granted).toBeGreaterThanOrEqual(10);
    expect(granted).toBeLessThanOrEqual(13);
    expect(entries.filter((entry) => entry.granted < 3).every(({ waitMs }) => waitMs > 0)).toBe(true);
  });

  test("of one channel does not hold the other", async () => {
    await limit(1);
    await begin(10, chain(node("start"), email(), node("end")));
    expect(mails()).toBe(10);
  });

  test("that was taken away is none", async () => {
    await limit(60);
    await limit(null);
    await begin(30);
    expect(texts()).toBe(30);
  });

  test("changed while sending counts within a second", async () => {
    await limit(60);
    await begin(30);
    expect(texts()).toBeLessThanOrEqual(1);
    await limit(60_000);
    await sluice.wait(2);
    await sluice.wait(2);
    expect(texts()).toBe(30);
  });
});

describe("a provider that fails", () => {
  test("ten times in a row is left alone: the others wait without having used up a try", async () => {
    sluice.providers.sms.answer(busy);
    const sendId = await begin(200);
    // Those that were called at once with the tenth may be more.
    expect(texts()).toBeGreaterThanOrEqual(10);
    expect(texts()).toBeLessThan(75);
    const called = texts();
    await sluice.wait(20);
    expect(texts()).toBe(called);
    const { rows } = await sql<{
      attempt: number;
    }>`select distinct attempt from flow_executions where send_id = ${sendId}::uuid and waiting_for is null`.execute(db.owner);
    expect(rows).toEqual([{ attempt: 1 }]);
    // Then one tries, and when it fails the channel rests for longer.
    await sluice.wait(11);
    expect(texts()).toBe(called + 1);
    await sluice.wait(20);
    expect(texts()).toBe(called + 1);
    sluice.providers.sms.answer();
    for (let i = 0; i < 30; i += 1) await sluice.wait(61);
    expect(await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirst()).toMatchObject({
      state: "done",
      completed: 200,
    });
  });

  test("and says when to come back is asked again then, not before", async () => {
    sluice.providers.sms.answer({ ...busy, retryAfterMs: 90_000 }, { outcome: "accepted", providerMessageId: "x" });
    await begin(1);
    expect(texts()).toBe(1);
    await sluice.wait(80);
    expect(texts()).toBe(1);
    await sluice.wait(11);
    expect(texts()).toBe(2);
  });

  test("on one channel does not close the other, nor the same one of another workspace", async () => {
    sluice.providers.sms.answer(busy);
    await begin(60);
    await begin(5, chain(node("start"), email(), node("end")));
    expect(mails()).toBe(5);
    sluice.providers.sms.answer();
    workspaceId = await buildWorkspace(db.owner);
    const before = texts();
    await begin(3);
    expect(texts()).toBe(before + 3);
    for (let i = 0; i < 40; i += 1) await sluice.wait(61);
  });
});
