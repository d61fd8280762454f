import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Provider } from "#channels/channel.ts";
import { freeTheDead, sendTo, startTestEngine, type TestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { type FakeTwilio, newSid, startFakeTwilio } from "#test/fake-twilio.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { openTwilio } from "#test/twilio-provider.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

let fake: FakeTwilio;
/** Calls that were begun, also by workers that were killed since: their bytes may arrive later. */
let open: Set<Promise<unknown>>;
setUpWorkspace();
beforeEach(async () => {
  fake = await startFakeTwilio();
  open = new Set();
});
afterEach(() => fake.stop());

const untilLeasesAreOver = 20;
const untilRecordsAreComplete = 95;

function twilio(more: Partial<Provider> = {}): Provider {
  const provider = openTwilio(fake);
  return {
    ...provider,
    send(message, options) {
      const call = provider.send(message, options);
      open.add(call);
      return call;
    },
    ...more,
  };
}
const startWorker = (provider = twilio()) => startTestEngine(db.owner, { providerFor: async () => provider });

const setRule = (rule: "hold" | "resend") => sql`update workspaces set sms_in_doubt = ${rule} where id = ${workspaceId}`.execute(db.owner);

async function send(worker: TestEngine, ids: string[], text = "Hello"): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(text), node("end")));
  const { sendId } = await worker.engine.createSend(sendTo(workspaceId, flowId, ids));
  return sendId;
}

/** Leaves everything as it is at the `nth` time this point is passed, as SIGKILL would. */
async function killAt(point: BreakPoint, nth: number, doing: () => Promise<unknown>): Promise<void> {
  let passed = 0;
  onBreakPoint((name) => {
    if (name !== point) return;
    passed += 1;
    if (passed === nth) throw new SimulatedCrash(point);
  });
  await expect(doing()).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await Promise.allSettled(open);
}

async function takeOver(dead: TestEngine, provider?: Provider): Promise<TestEngine> {
  const heir = await startWorker(provider);
  await freeTheDead(db.owner, dead);
  return heir;
}

const countBy = <T>(values: readonly T[]) => Object.fromEntries([...Map.groupBy(values, String)].map(([key, of]) => [key, of.length]));
const states = async () => ({
  messages: countBy(
    (await db.owner.selectFrom("messages").select("status").where("workspace_id", "=", workspaceId).execute()).map((m) => m.status),
  ),
  executions: countBy(
    (await db.owner.selectFrom("flow_executions").select("status").where("workspace_id", "=", workspaceId).execute()).map((e) => e.status),
  ),
});
/** How many people got how many messages. */
const arrived = () => countBy(Object.values(countBy(fake.messages.map(({ to }) => to))));

describe.each(["hold", "resend"] as const)("under the rule %s a worker is killed", (rule) => {
  test.each<[BreakPoint, number]>([
    ["chunk-read", 1],
    ["messages-claimed", 1],
    ["provider-called", 1],
    ["provider-called", 4],
    ["provider-answered", 1],
    ["provider-answered", 4],
    ["batch-answered", 1],
    ["before-save", 1],
    ["saving", 1],
    ["chunk-saved", 1],
  ])("at %s (%i.): what left is found at Twilio, what did not is sent, and nobody gets two or none", async (point, nth) => {
    await setRule(rule);
    const ids = await buildContacts(db.owner, workspaceId, 7);
    const first = await startWorker();
    await killAt(point, nth, async () => {
      await send(first, ids);
      await first.run();
    });
    const heir = await takeOver(first);
    await heir.wait(untilLeasesAreOver);
    for (let i = 0; i < 3; i += 1) await heir.wait(untilRecordsAreComplete);
    expect(arrived()).toEqual({ 1: 7 });
    expect(await states()).toEqual({ messages: { sent: 7 }, executions: { completed: 7 } });
    const { rows } = await sql<{
      sid: string;
    }>`select provider_message_id as sid from messages where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows.map(({ sid }) => sid).sort(), "each with the id of its own message").toEqual(fake.messages.map(({ sid }) => sid).sort());
  });

  test.each<[BreakPoint, number]>([
    ["doubt-looked-up", 1],
    ["doubt-looked-up", 3],
    ["doubt-settled", 1],
    ["doubt-settled", 3],
    ["messages-claimed", 1],
    ["provider-called", 1],
    ["provider-answered", 1],
    ["before-save", 1],
    ["saving", 1],
  ])("and the one who looks it up is killed too, at %s (%i.): nothing twice, nothing lost", async (point, nth) => {
    await setRule(rule);
    const ids = await buildContacts(db.owner, workspaceId, 7);
    const first = await startWorker();
    await killAt("provider-called", 4, async () => {
      await send(first, ids);
      await first.run();
    });
    const second = await takeOver(first);
    await second.wait(untilLeasesAreOver);
    await killAt(point, nth, () => second.wait(untilRecordsAreComplete));
    const third = await takeOver(second);
    third.driver.clock.forward((untilLeasesAreOver + untilRecordsAreComplete) * 1000);
    for (let i = 0; i < 4; i += 1) await third.wait(i === 0 ? untilLeasesAreOver : untilRecordsAreComplete);
    expect(arrived()).toEqual({ 1: 7 });
    expect(await states()).toEqual({ messages: { sent: 7 }, executions: { completed: 7 } });
  });
});

describe.each(["hold", "resend"] as const)("under the rule %s Twilio gives no clear answer", (rule) => {
  test.each([
    { kind: "500", taken: true },
    { kind: "500", taken: false },
    { kind: "reset", taken: true },
    { kind: "reset", taken: false },
    { kind: "garbage", taken: true },
    { kind: "empty", taken: false },
  ] as const)("($kind, taken: $taken): it is looked up, and arrives once", async (answer) => {
    await setRule(rule);
    fake.behave({ answer: ({ tries }) => (tries === 1 ? answer : { kind: "accept" }) });
    const worker = await startWorker();
    await send(worker, await buildContacts(db.owner, workspaceId, 3));
    await worker.run();
    expect(await states()).toEqual({ messages: { queued: 3 }, executions: { running: 3 } });
    await worker.wait(60);
    expect(
      fake.requests.filter((request) => request.startsWith("GET")),
      "nothing is judged before the list is complete",
    ).toEqual([]);
    await worker.wait(untilRecordsAreComplete);
    expect(arrived()).toEqual({ 1: 3 });
    expect(await states()).toEqual({ messages: { sent: 3 }, executions: { completed: 3 } });
  });

  test("again and again: each doubt is settled, and it still arrives once", async () => {
    await setRule(rule);
    fake.behave({ answer: ({ tries }) => (tries < 3 ? { kind: "500", taken: false } : { kind: "500", taken: true }) });
    const worker = await startWorker();
    await send(worker, [await buildContact(db.owner, workspaceId)]);
    await worker.run();
    for (let i = 0; i < 5; i += 1) await worker.wait(untilRecordsAreComplete);
    expect(fake.requests.filter((request) => request.startsWith("POST"))).toHaveLength(3);
    expect(arrived()).toEqual({ 1: 1 });
    expect(await states()).toEqual({ messages: { sent: 1 }, executions: { completed: 1 } });
  });
});

describe("where Twilio's list does not tell", () => {
  /** One message in doubt, which Twilio has, and the worker. */
  async function inDoubt(rule: "hold" | "resend", provider?: Provider) {
    await setRule(rule);
    fake.behave({ answer: ({ tries }) => (tries === 1 ? { kind: "500", taken: true } : { kind: "accept" }) });
    const worker = await startWorker(provider);
    await send(worker, [await buildContact(db.owner, workspaceId)]);
    await worker.run();
    return worker;
  }
  const held = { messages: { unknown: 1 }, executions: { failed: 1 } };
  const sent = { messages: { sent: 1 }, executions: { completed: 1 } };

  test.each([
    ["hold", held, { 1: 1 }],
    ["resend", sent, { 2: 1 }],
  ] as const)("because it may not be read, the rule %s decides", async (rule, end, people) => {
    const worker = await inDoubt(rule);
    fake.behave({ listError: () => ({ status: 401, code: 20003 }) });
    for (let i = 0; i < 3; i += 1) await worker.wait(untilRecordsAreComplete);
    expect(await states()).toEqual(end);
    expect(arrived()).toEqual(people);
  });

  test.each([
    ["hold", held],
    ["resend", sent],
  ] as const)("because Twilio is away, it is asked again for an hour before the rule %s decides", async (rule, end) => {
    const worker = await inDoubt(rule);
    fake.behave({ listError: () => ({ status: 503, code: 20503 }) });
    for (let i = 0; i < 10; i += 1) await worker.wait(300);
    expect(await states()).toEqual({ messages: { queued: 1 }, executions: { running: 1 } });
    expect(arrived()).toEqual({ 1: 1 });
    for (let i = 0; i < 4; i += 1) await worker.wait(300);
    expect(await states()).toEqual(end);
  });

  test("because Twilio is away for a while, it is found when it is back", async () => {
    const worker = await inDoubt("resend");
    fake.behave({ listError: () => ({ status: 503, code: 20503 }) });
    await worker.wait(untilRecordsAreComplete);
    fake.behave({ listError: undefined });
    await worker.wait(30);
    expect(await states()).toEqual(sent);
    expect(arrived()).toEqual({ 1: 1 });
  });

  test("because the text was changed on the way, it is held and not sent again", async () => {
    const worker = await inDoubt("hold");
    for (const message of fake.messages) message.body = "Hello!";
    for (let i = 0; i < 3; i += 1) await worker.wait(untilRecordsAreComplete);
    expect(await states()).toEqual(held);
    expect(arrived()).toEqual({ 1: 1 });
  });

  test("because the account was changed since, it is held and not sent by the new one", async () => {
    const provider = twilio();
    const worker = await inDoubt("hold", provider);
    provider.inUseSince = new Date();
    fake.messages.splice(0);
    for (let i = 0; i < 3; i += 1) await worker.wait(untilRecordsAreComplete);
    expect(await states()).toEqual(held);
    expect(fake.messages).toEqual([]);
  });

  test("because another provider is in use now, it is held and not sent by that one", async () => {
    const provider = twilio();
    const worker = await inDoubt("hold", provider);
    provider.name = "another";
    for (let i = 0; i < 3; i += 1) await worker.wait(untilRecordsAreComplete);
    expect(await states()).toEqual(held);
    expect(arrived()).toEqual({ 1: 1 });
  });
});

test("two people with one number and one text in doubt, of which one left: one id is taken, and the other message is sent", async () => {
  await setRule("hold");
  let calls = 0;
  fake.behave({ answer: () => (++calls > 2 ? { kind: "accept" } : { kind: "500", taken: calls === 1 }) });
  const phone = { phone_number: "+14155550100", phone_e164: "+14155550100" };
  const worker = await startWorker();
  for (let i = 0; i < 2; i += 1) await send(worker, [await buildContact(db.owner, workspaceId, phone)]);
  await worker.run();
  for (let i = 0; i < 3; i += 1) await worker.wait(untilRecordsAreComplete);
  expect(await states()).toEqual({ messages: { sent: 2 }, executions: { completed: 2 } });
  expect(arrived()).toEqual({ 2: 1 });
});

test("a message of the same text that Twilio has for another of ours is not taken for it", async () => {
  await setRule("hold");
  const worker = await startWorker();
  const contactId = await buildContact(db.owner, workspaceId);
  await send(worker, [contactId]);
  await worker.run();
  fake.behave({ answer: ({ tries }) => (tries === 2 ? { kind: "500", taken: false } : { kind: "accept" }) });
  await send(worker, [contactId]);
  await worker.run();
  for (let i = 0; i < 3; i += 1) await worker.wait(untilRecordsAreComplete);
  expect(await states()).toEqual({ messages: { sent: 2 }, executions: { completed: 2 } });
  expect(arrived()).toEqual({ 2: 1 });
});

test("a report that comes before the look settles it at once", async () => {
  await setRule("hold");
  fake.behave({ answer: () => ({ kind: "500", taken: true }) });
  const worker = await startWorker();
  await send(worker, [await buildContact(db.owner, workspaceId)]);
  await worker.run();
  const { id } = await db.owner.selectFrom("messages").select("id").where("workspace_id", "=", workspaceId).executeTakeFirstOrThrow();
  const report = { kind: "delivery", messageId: id, providerMessageId: fake.messages[0]?.sid ?? newSid("SM"), status: "taken" } as const;
  await worker.engine.takeInbound({ workspaceId, channel: "sms", provider: "twilio", events: [report] });
  await worker.engine.inboundIdle();
  await worker.run();
  expect(await states()).toEqual({ messages: { sent: 1 }, executions: { completed: 1 } });
  expect(fake.requests.filter((request) => request.startsWith("GET"))).toEqual([]);
});

test("one who said STOP while it was in doubt gets nothing more, and what left is known to have left", async () => {
  await setRule("resend");
  const ids = await buildContacts(db.owner, workspaceId, 2);
  let calls = 0;
  fake.behave({ answer: () => (++calls > 2 ? { kind: "accept" } : { kind: "500", taken: calls === 1 }) });
  const worker = await startWorker();
  await send(worker, ids);
  await worker.run();
  await sql`update contacts set sms_opted_out_at = now() where workspace_id = ${workspaceId}`.execute(db.owner);
  for (let i = 0; i < 3; i += 1) await worker.wait(untilRecordsAreComplete);
  expect(fake.messages).toHaveLength(1);
  expect(await states()).toEqual({ messages: { sent: 1, failed: 1 }, executions: { completed: 2 } });
});
