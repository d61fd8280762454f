import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { SendResult } from "#channels/channel.ts";
import { sendTo, silentLog } from "#test/engine.ts";
import { changeWorkspace, db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { createChannelLimiter } from "./channel-limiter.ts";

setUpEngine();

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
    // The tokens of one second, and the few that were refilled while the calls asked.
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
    // Calls that were in flight together with the tenth may exceed the limit.
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
    await changeWorkspace();
    const before = texts();
    await begin(3);
    expect(texts()).toBe(before + 3);
    for (let i = 0; i < 40; i += 1) await sluice.wait(61);
  });
});

describe("a provider that refuses the sender", () => {
  const refusal: SendResult = {
    outcome: "rejected",
    reason: "sender_refused",
    message: "550 5.1.8 <hello@salon.example> Sender address rejected",
    retryable: true,
    pausesChannel: true,
    costsTry: false,
  };
  const gate = async () =>
    (
      await sql<{
        reason: string;
        text: string;
        closed: boolean;
      }>`select trouble_reason as reason, trouble_text as text, closed_until is not null as closed
      from private.channel_gates where workspace_id = ${workspaceId} and channel = 'email'`.execute(db.owner)
    ).rows[0];
  const mail = () => chain(node("start"), email(), node("end"));

  test("pauses the channel after the first message, closes no address and costs no try, however long it lasts", async () => {
    sluice.providers.email.answer(refusal);
    const sendId = await begin(40, mail());
    const called = mails();
    expect(called).toBeLessThanOrEqual(40);
    expect(await gate()).toEqual({ reason: "sender_refused", text: expect.stringContaining("Sender address rejected"), closed: true });
    expect((await gate())?.text).not.toContain("@");
    for (let hour = 0; hour < 12; hour += 1) for (let i = 0; i < 6; i += 1) await sluice.wait(600);
    const steps = await db.owner
      .selectFrom("flow_execution_steps")
      .selectAll()
      .where("status", "=", "failed")
      .where("workspace_id", "=", workspaceId)
      .execute();
    expect(steps).toEqual([]);
    expect(await db.owner.selectFrom("suppressions").selectAll().where("workspace_id", "=", workspaceId).execute()).toEqual([]);
    sluice.providers.email.answer();
    for (let i = 0; i < 12; i += 1) await sluice.wait(600);
    expect(await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirst()).toMatchObject({
      state: "done",
      completed: 40,
    });
    expect(await gate()).toEqual({ reason: null, text: null, closed: false });
  });

  test("tries at once when a person says so, with one message, and goes on with all when it is taken", async () => {
    sluice.providers.email.answer(refusal);
    const sendId = await begin(30, mail());
    const before = mails();
    expect(await sluice.engine.tryChannel({ workspaceId, channel: "email" })).toBe(true);
    await sluice.run();
    expect(mails()).toBe(before + 1);
    sluice.providers.email.answer();
    expect(await sluice.engine.tryChannel({ workspaceId, channel: "email" })).toBe(true);
    await sluice.run();
    for (let i = 0; i < 3; i += 1) await sluice.wait(2);
    expect(await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirst()).toMatchObject({
      state: "done",
      completed: 30,
    });
    expect(await sluice.engine.tryChannel({ workspaceId, channel: "email" })).toBe(false);
  });
});

test("the failure of a single message is told from the first try on, and hurried by a person", async () => {
  sluice.providers.email.answer({ ...busy, message: "connect ECONNREFUSED" });
  await begin(1, chain(node("start"), email(), node("end")));
  const trouble = () =>
    sql`select trouble_reason, trouble_text from private.channel_gates where workspace_id = ${workspaceId} and channel = 'email'`.execute(
      db.owner,
    );
  expect((await trouble()).rows).toEqual([{ trouble_reason: "provider_unavailable", trouble_text: "connect ECONNREFUSED" }]);
  sluice.providers.email.answer();
  expect(mails()).toBe(1);
  await sluice.engine.tryChannel({ workspaceId, channel: "email" });
  await sluice.run();
  expect(mails()).toBe(2);
  expect((await trouble()).rows).toEqual([{ trouble_reason: null, trouble_text: null }]);
});
