import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Selection } from "#contract/contacts.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import type { TestEngine } from "#test/engine.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

let db: TestDb;
let sluice: TestEngine;
let workspaceId: string;
const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Tester" };
beforeAll(async () => {
  db = await createTestDb();
});
beforeEach(async () => {
  sluice = await startTestEngine(db.owner);
  workspaceId = await buildWorkspace(db.owner);
});
afterEach(() => expectTotalsToAddUp(db.owner));
afterAll(() => db.drop());

const remove = (ids: string[], workspace = workspaceId) =>
  sluice.engine.deleteContacts({ workspaceId: workspace, selection: { type: "ids", ids }, actor });

test("never deletes a contact of another workspace", async () => {
  const foreign = await buildContact(db.owner, await buildWorkspace(db.owner));
  expect(await remove([foreign])).toEqual({ matched: 0, changed: 0 });
  expect(await db.owner.selectFrom("contacts").select("id").where("id", "=", foreign).execute()).toHaveLength(1);
});

test("ends what they are in, keeps what was done without names and addresses, and wakes nobody later", async () => {
  const canary = "Canarius";
  const choose = node("condition", { branches: [{ id: "known", tests: [{ field: "firstname", operator: "is_not_empty" }] }] });
  const flow = graph(
    [node("start"), choose, sms("Hi {{firstname}}"), email("Hi {{firstname}}"), wait(60), sms("again", {}, "again")],
    "start > condition",
    "condition:known > sms",
    "sms > email",
    "email > delay",
    "delay > again",
  );
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId, {
    firstname: canary,
    email: `${canary}@example.test`,
    phone_e164: "+15559876543",
  });
  const other = await buildContact(db.owner, workspaceId);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId, other]));
  await sluice.run();
  expect(await remove([contactId])).toEqual({ matched: 1, changed: 1 });
  await sluice.wait(61);
  expect(sluice.providers.sms.calls.filter(({ text }) => text === "again")).toHaveLength(1);
  const executions = await db.owner
    .selectFrom("flow_executions")
    .select(["contact_id", "status", "ended_reason"])
    .where("send_id", "=", sendId)
    .orderBy("status")
    .execute();
  expect(executions).toEqual([
    { contact_id: null, status: "cancelled", ended_reason: "contact_deleted" },
    { contact_id: other, status: "completed", ended_reason: null },
  ]);
  for (const table of ["flow_executions", "flow_execution_steps", "messages", "wake_ups", "flow_sends"]) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} t
      where t::text ilike ${`%${canary}%`} or t::text like '%15559876543%'`.execute(db.owner);
    expect(rows[0]?.n, table).toBe(0);
  }
  const kept = await db.owner
    .selectFrom("messages")
    .select(["status", "to_address", "body"])
    .where("send_id", "=", sendId)
    .where("contact_id", "is", null)
    .execute();
  expect(kept).toEqual([
    { status: "sent", to_address: null, body: null },
    { status: "sent", to_address: null, body: null },
  ]);
});

test("deletes by filter, all or nothing, and counts exactly", async () => {
  await buildContacts(db.owner, workspaceId, 40);
  const kept = await buildContact(db.owner, workspaceId);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms()));
  const all: Extract<Selection, { type: "filter" }> = { type: "filter", filter: { tests: [] }, excluded: [] };
  await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), selection: all });
  await sluice.run();
  expect(await sluice.engine.deleteContacts({ workspaceId, selection: { ...all, excluded: [kept] }, actor })).toEqual({
    matched: 40,
    changed: 40,
  });
  await sluice.wait(61);
  expect(sluice.providers.sms.calls).toHaveLength(1);
});

test("a message that waited for another try says that it will have none, and one in the hands of a dead worker that nobody knows", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 2);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true });
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [ids[0] as string]));
  await sluice.run();
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [ids[1] as string]));
  onBreakPoint((point) => {
    if (point === "batch-answered") throw new SimulatedCrash(point);
  });
  await expect(sluice.run()).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await remove(ids);
  const rows = await db.owner
    .selectFrom("messages")
    .select(["status", "reason"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("id")
    .execute();
  expect(rows).toEqual([
    { status: "failed", reason: "contact_deleted" },
    { status: "unknown", reason: "outcome_unknown" },
  ]);
});

test("what was in flight while its contact was deleted is known after all when the answer comes", async () => {
  const contactId = await buildContact(db.owner, workspaceId);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  sluice.providers.sms.answer(async () => {
    await remove([contactId]);
    return { outcome: "accepted", providerMessageId: "late" };
  });
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  const rows = await db.owner.selectFrom("messages").select(["status", "reason"]).where("workspace_id", "=", workspaceId).execute();
  expect(rows).toEqual([{ status: "sent", reason: null }]);
});

test("keeps of a result what its node type says may stay, and of a type that is gone only what the engine wrote", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi {{firstname}}")));
  const contactId = await buildContact(db.owner, workspaceId);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  const { id } = await db.owner.selectFrom("flow_executions").select("id").where("contact_id", "=", contactId).executeTakeFirstOrThrow();
  const results: [type: string, before: unknown, after: unknown][] = [
    [
      "webhook",
      { status: 200, attempts: 1, duration_ms: 5, answer: "Canarius", customer: "Canarius" },
      { status: 200, attempts: 1, duration_ms: 5 },
    ],
    ["webhook", { fields: "Canarius", goal: "Canarius" }, null],
    ["set_variable", { name: "plan", value: "Canarius", variables: { plan: "Canarius" } }, { name: "plan" }],
    ["update_contact", { changes: { firstname: { before: "Canarius", after: "C" } }, rehearsed: true }, { rehearsed: true }],
    ["delay", { until: "2026-01-01T00:00:00Z", zone: "UTC", date: "1980-02-03T00:00:00Z", goal: "g" }, { goal: "g" }],
    ["condition", { branch: "a", label: "A", compared: [{ found: "Canarius" }], undeclared: "Canarius" }, { branch: "a", label: "A" }],
    [
      "voice_call",
      { messageId: "m", provider: "p", goal: "g", said: "Canarius", text: "Canarius" },
      { messageId: "m", provider: "p", goal: "g" },
    ],
    ["end", null, null],
  ];
  for (const [index, [type, before]] of results.entries()) {
    await sql`insert into flow_execution_steps (workspace_id, flow_execution_id, visit, attempt, node_id, node_type, status, result, started_at)
      values (${workspaceId}, ${id}, ${100 + index}, 1, 'n', ${type}, 'completed', ${before === null ? null : JSON.stringify(before)}::jsonb, now())`.execute(
      db.owner,
    );
  }
  await remove([contactId]);
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .select("result")
    .where("flow_execution_id", "=", id)
    .where("visit", ">=", 100)
    .orderBy("visit")
    .execute();
  await sql`delete from flow_execution_steps where flow_execution_id = ${id} and visit >= 100`.execute(db.owner);
  expect(steps.map(({ result }) => result)).toEqual(results.map(([, , after]) => after));
});
