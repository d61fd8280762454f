import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import type { TestEngine } from "#test/engine.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

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
afterEach(async () => {
  onBreakPoint(undefined);
  await expectTotalsToAddUp(db.owner);
});
afterAll(() => db.drop());

const phone = "+15550123456";
const family = async (count: number, values: Parameters<typeof buildContact>[2] = { phone_e164: phone }) => {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await buildContact(db.owner, workspaceId, values));
  return ids;
};
const smsFlow = () => buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));

async function stepsOf(sendId: string) {
  const { rows } = await sql<{ node_id: string; status: string; reason: string | null; count: number }>`
    select s.node_id, s.status, s.reason, count(*)::int as count from flow_execution_steps s
    join flow_executions e on e.id = s.flow_execution_id
    where e.send_id = ${sendId}::uuid and s.node_type in ('send_sms', 'send_email') group by 1, 2, 3 order by 1, 2`.execute(db.owner);
  return rows;
}

const activeOf = async (sendId: string) => {
  const { enrolled, completed } = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
  return enrolled === 0 ? 1 : enrolled - completed;
};
const messageNumbers = () => sluice.providers.sms.calls.map(({ to }) => to);

describe("contacts that share an address", () => {
  test("get one message, and the history says why the others got none", async () => {
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, await smsFlow(), await family(3)));
    await sluice.run();
    expect(messageNumbers()).toEqual([phone]);
    expect(await stepsOf(sendId)).toEqual([
      { node_id: "sms", status: "completed", reason: null, count: 1 },
      { node_id: "sms", status: "skipped", reason: "duplicate_address", count: 2 },
    ]);
  });

  test("are the same for e-mail whatever the case of its letters, and each channel counts alone", async () => {
    const one = await buildContact(db.owner, workspaceId, { email: "Family@Example.test" });
    const two = await buildContact(db.owner, workspaceId, { email: "family@example.test " });
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [one, two]));
    await sluice.run();
    expect(sluice.providers.email.calls).toHaveLength(1);
    expect(sluice.providers.sms.calls).toHaveLength(2);
    expect(await stepsOf(sendId)).toContainEqual({ node_id: "email", status: "skipped", reason: "duplicate_address", count: 1 });
  });

  test("all get theirs where the send says so", async () => {
    await sluice.engine.createSend(sendTo(workspaceId, await smsFlow(), await family(3), { oncePerAddress: false }));
    await sluice.run();
    expect(messageNumbers()).toEqual([phone, phone, phone]);
  });

  test("of two sends each get one of each send", async () => {
    const ids = await family(2);
    for (const flowId of [await smsFlow(), await smsFlow()]) await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    await sluice.run();
    expect(messageNumbers()).toEqual([phone, phone]);
  });

  test("the same one gets every message of the flow, also after a delay", async () => {
    const flow = chain(node("start"), sms("one"), wait(60), sms("two", {}, "later"), node("end"));
    const ids = await family(2);
    await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow), ids));
    await sluice.run();
    await sluice.wait(120);
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["one", "two"]);
    const { rows } = await sql<{
      count: number;
    }>`select count(distinct contact_id)::int as count from messages where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toEqual([{ count: 1 }]);
  });

  test("the next one gets it where the first can not be written to", async () => {
    const optedOut = await buildContact(db.owner, workspaceId, { phone_e164: phone, sms_opted_out_at: new Date() });
    const other = await buildContact(db.owner, workspaceId, { phone_e164: phone });
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, await smsFlow(), [optedOut, other]));
    await sluice.run();
    expect(messageNumbers()).toEqual([phone]);
    expect(await stepsOf(sendId)).toContainEqual({ node_id: "sms", status: "skipped", reason: "opted_out_sms", count: 1 });
  });

  test("share it with the executions of flows that the send starts", async () => {
    const child = await smsFlow();
    const starting = [node("start"), sms(), node("start_flow", { flowId: child }), node("end")];
    const parent = await buildFlow(
      db.owner,
      workspaceId,
      graph(starting, "start > sms", "sms > start_flow", "start_flow:started > end", "start_flow:not_allowed > end"),
    );
    await sluice.engine.createSend(sendTo(workspaceId, parent, await family(2)));
    await sluice.run();
    await sluice.run();
    const { rows } = await sql<{ contacts: number; messages: number }>`
      select count(distinct contact_id)::int as contacts, count(*)::int as messages from messages where workspace_id = ${workspaceId}`.execute(
      db.owner,
    );
    expect(rows).toEqual([{ contacts: 1, messages: 2 }]);
  });
});

describe("the address is never written to twice", () => {
  test.each([
    "messages-claimed",
    "provider-called",
    "provider-answered",
    "batch-answered",
    "before-save",
    "saving",
    "chunk-saved",
  ] as const)("when the process is killed at %s", async (point) => {
    const ids = await family(4);
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, await smsFlow(), ids));
    let killed = false;
    onBreakPoint((name) => {
      if (name !== point || killed) return;
      killed = true;
      throw new SimulatedCrash();
    });
    await expect(sluice.run()).rejects.toThrow(SimulatedCrash);
    onBreakPoint(undefined);
    const other = await startTestEngine(db.owner);
    await freeTheDead(db.owner, sluice);
    await sluice.wait(30);
    await other.wait(30);
    expect(sluice.providers.sms.calls.length + other.providers.sms.calls.length).toBeLessThanOrEqual(1);
    const steps = await stepsOf(sendId);
    expect(steps).toContainEqual({ node_id: "sms", status: "skipped", reason: "duplicate_address", count: 3 });
    await other.engine.stop();
  });

  test("when it is refused for a moment and tried again", async () => {
    sluice.providers.sms.answer(
      { outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true },
      { outcome: "accepted", providerMessageId: "1" },
    );
    await sluice.engine.createSend(sendTo(workspaceId, await smsFlow(), await family(3)));
    await sluice.run();
    await sluice.wait(20);
    expect(messageNumbers()).toEqual([phone, phone]);
    const { rows } = await sql<{ status: string }>`select status from messages where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toEqual([{ status: "sent" }]);
  });

  test("after a contact changed to an address that was taken meanwhile", async () => {
    const busy = { outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true } as const;
    const [one, two] = [await buildContact(db.owner, workspaceId), ...(await family(1))] as [string, string];
    sluice.providers.sms.answer(({ to }) => (to === phone ? { outcome: "accepted", providerMessageId: "1" } : busy));
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, await smsFlow(), [one, two]));
    await sluice.run();
    await sql`update contacts set phone_number = ${phone}, phone_e164 = ${phone} where id = ${one}::uuid`.execute(db.owner);
    await sluice.wait(20);
    expect(messageNumbers().filter((to) => to === phone)).toHaveLength(1);
    expect(await stepsOf(sendId)).toContainEqual({ node_id: "sms", status: "skipped", reason: "duplicate_address", count: 1 });
  });

  test("by two workers that claim the same addresses at the same moment, in lanes of small chunks", async () => {
    for (let n = 0; n < 40; n += 1) await buildContact(db.owner, workspaceId, { phone_e164: `+1555020${String(n % 10).padStart(4, "0")}` });
    const workSizes = { enrollPage: 10, smallestChunk: 5, largestChunk: 5, mostLanes: 4 };
    const [one, two] = [await startTestEngine(db.owner, { workSizes }), await startTestEngine(db.owner, { workSizes })];
    const { sendId } = await one.engine.createSend(
      sendTo(workspaceId, await smsFlow(), [], { selection: { type: "filter", filter: { tests: [] }, excluded: [] } }),
    );
    await Promise.all([one.run(), two.run()]);
    for (let round = 0; round < 60 && (await activeOf(sendId)) > 0; round += 1) await Promise.all([one.wait(1), two.wait(1)]);
    const numbers = [...one.providers.sms.calls, ...two.providers.sms.calls].map(({ to }) => to);
    expect(numbers).toHaveLength(10);
    expect(new Set(numbers).size).toBe(10);
    expect(await stepsOf(sendId)).toEqual([
      { node_id: "sms", status: "completed", reason: null, count: 10 },
      { node_id: "sms", status: "skipped", reason: "duplicate_address", count: 30 },
    ]);
    await Promise.all([one.engine.stop(), two.engine.stop()]);
  });
});

test("an address is free again when the message to it failed", async () => {
  const [first, second] = (await family(2)) as [string, string];
  await sql`update contacts set metadata = '{"slow": "yes"}' where id = ${second}::uuid`.execute(db.owner);
  const flow = graph(
    [
      node("start"),
      node("condition", { branches: [{ id: "yes", tests: [{ field: "metadata.slow", operator: "is", value: "yes" }] }] }),
      wait(60),
      sms(),
      node("end"),
    ],
    ...["start > condition", "condition:yes > delay", "condition:otherwise > sms", "delay > sms", "sms > end"],
  );
  sluice.providers.sms.answer(
    { outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false },
    { outcome: "accepted", providerMessageId: "1" },
  );
  await sluice.engine.createSend(sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow), [first, second]));
  await sluice.run();
  expect(messageNumbers()).toHaveLength(1);
  await sluice.wait(61);
  expect(messageNumbers()).toEqual([phone, phone]);
});
