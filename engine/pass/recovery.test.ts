import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { TestEngine } from "#test/engine.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import type { BreakPoint } from "../base/break-point.ts";
import { onBreakPoint, SimulatedCrash, sendBreakPoints } from "../base/break-point.ts";

setUpWorkspace();

/** Leaves everything as it is at the `nth` time this point is passed, as SIGKILL would. */
function crashAt(point: BreakPoint, nth = 1): () => boolean {
  let passed = 0;
  onBreakPoint((name) => {
    if (name !== point) return;
    passed += 1;
    if (passed === nth) throw new SimulatedCrash(point);
  });
  return () => passed >= nth;
}

/** Another worker finds the first one dead, frees its jobs and goes on; both count their calls at the same providers. */
async function takeOver(dead: TestEngine): Promise<TestEngine> {
  onBreakPoint(undefined);
  const heir = await startTestEngine(db.owner, { providerFor: async (_, channel) => dead.providers[channel] });
  await freeTheDead(db.owner, dead);
  return heir;
}

const flow = chain(node("start"), sms("one"), wait(60), email("two"), sms("three", {}, "sms2"), node("end"));
const statuses = async (table: "flow_executions" | "messages") => {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int from ${sql.table(table)} where workspace_id = ${workspaceId} group by status order by status`.execute(
    db.owner,
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};

function expectNoDoubleCall({ providers }: TestEngine): void {
  const ids = [...providers.sms.calls, ...providers.email.calls].map(({ id }) => id);
  expect(new Set(ids).size, "messages handed to a provider twice").toBe(ids.length);
}

/** Passed only where a flow changes contacts; see changes.test.ts. */
const ofChanges: readonly BreakPoint[] = ["changing", "changes-committed"];

/** Passed only where a flow calls a webhook, starts another one or ends others; see webhooks, start-flow and leave-flows.test.ts. */
const ofOthers: readonly BreakPoint[] = [
  ...(["call-claimed", "call-answered", "answers-saved", "starting", "starts-committed", "leaving", "leaves-committed"] as const),
];

describe.each(sendBreakPoints.filter((point) => ![...ofChanges, ...ofOthers].includes(point)))("killed at %s", (point) => {
  test.each([
    { nth: 1, after: "it began" },
    { nth: 2, after: "it began" },
    { nth: 3, after: "it began" },
    { nth: 1, after: "they woke" },
    { nth: 2, after: "they woke" },
  ])("for the $nth. time after $after: nobody is lost and nothing is sent twice", async ({ nth, after }) => {
    const people = 7;
    const ids = await buildContacts(db.owner, workspaceId, people);
    const flowId = await buildFlow(db.owner, workspaceId, flow);
    const first = await startTestEngine(db.owner);
    let crashed = () => false;
    const arm = (moment: string) => {
      if (moment === after) crashed = crashAt(point, nth);
    };
    const run = async () => {
      arm("it began");
      // A filter, so that enrolling is a job of its own.
      await first.engine.createSend({
        ...sendTo(workspaceId, flowId, ids),
        selection: { type: "filter", filter: { tests: [] }, excluded: [] },
      });
      await first.run();
      arm("they woke");
      await first.wait(61);
    };
    await run().catch((error) => {
      if (!(error instanceof SimulatedCrash)) throw error;
    });
    const wasKilled = crashed();
    if (nth === 1 && after === "it began") expect(wasKilled, "the point was passed").toBe(true);
    const heir = await takeOver(first);
    await heir.wait(61);
    // Long enough for leases to run out and for what was handed over but not done to be due once more.
    for (let i = 0; i < 4; i += 1) await heir.wait(121);

    const executions = await statuses("flow_executions");
    expect(Object.values(executions).reduce((sum, count) => sum + count, 0)).toBe(people);
    expect(Object.keys(executions).sort()).not.toContain("running");
    expect(Object.keys(executions)).not.toContain("pending");
    expectNoDoubleCall(first);
    const inDoubt: readonly BreakPoint[] = [
      "messages-claimed",
      "provider-called",
      "provider-answered",
      "batch-answered",
      "before-save",
      "saving",
    ];
    if (!wasKilled || !inDoubt.includes(point)) {
      expect(executions).toEqual({ completed: people });
      expect(await statuses("messages")).toEqual({ sent: people * 3 });
    } else {
      // Messages that the dead worker had claimed are held and marked so. They are never sent again.
      const { unknown = 0 } = (await statuses("messages")) as { unknown?: number };
      expect(executions.failed ?? 0).toBe(unknown);
      expect(unknown).toBeLessThanOrEqual(people);
    }
  });
});

test("a message whose worker is alive is left to it, and not given up before its lease is over", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const contactId = await buildContact(db.owner, workspaceId);
  const slow = await startTestEngine(db.owner);
  let answer = () => {};
  slow.providers.sms.answer(() => new Promise((resolve) => (answer = () => resolve({ outcome: "accepted", providerMessageId: "late" }))));
  const { executionId } = await slow.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  const running = slow.run();
  await expect.poll(() => slow.providers.sms.calls.length).toBe(1);
  // Another worker takes it for dead and runs the same chunk.
  const rival = await startTestEngine(db.owner);
  await freeTheDead(db.owner, slow);
  await rival.run();
  expect(rival.providers.sms.calls).toEqual([]);
  expect(await statuses("messages")).toEqual({ sending: 1 });
  answer();
  await running;
  expect(await statuses("messages")).toEqual({ sent: 1 });
  expect(await statuses("flow_executions")).toEqual({ completed: 1 });
  await rival.wait(5);
  expect(rival.providers.sms.calls).toEqual([]);
  const execution = await db.owner
    .selectFrom("flow_executions")
    .select("status")
    .where("id", "=", executionId as string)
    .executeTakeFirst();
  expect(execution?.status).toBe("completed");
});

test.each([1, 2, 3])("the same chunk run by two workers at the same moment sends everything once (%i)", async () => {
  const people = 60;
  const ids = await buildContacts(db.owner, workspaceId, people);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  const one = await startTestEngine(db.owner);
  const two = await startTestEngine(db.owner, { providerFor: async (_, channel) => one.providers[channel] });
  await one.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sql`insert into private.inline_jobs (job, priority, run_at) select job, priority, run_at from private.inline_jobs`.execute(
    db.owner,
  );
  await Promise.all([one.run(), two.run()]);
  await one.wait(10);
  await two.wait(10);
  expectNoDoubleCall(one);
  expect(one.providers.sms.calls).toHaveLength(people);
  expect(one.providers.email.calls).toHaveLength(people);
  expect(await statuses("flow_executions")).toEqual({ completed: people });
});

test.each(["chunk-read", "messages-claimed", "before-save"] as const)(
  "two workers in the same chunk, one held at %s while the other does it all",
  async (point) => {
    const people = 5;
    const ids = await buildContacts(db.owner, workspaceId, people);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
    const slow = await startTestEngine(db.owner);
    const quick = await startTestEngine(db.owner, { providerFor: async (_, channel) => slow.providers[channel] });
    await slow.engine.createSend(sendTo(workspaceId, flowId, ids));
    let goOn = () => {};
    let isHeld = false;
    onBreakPoint((name) => {
      if (name !== point || isHeld) return;
      isHeld = true;
      return new Promise((resolve) => (goOn = resolve));
    });
    const running = slow.run();
    await expect.poll(() => isHeld).toBe(true);
    await freeTheDead(db.owner, slow);
    quick.driver.clock.forward(20_000);
    await quick.run();
    goOn();
    await running;
    await quick.wait(20);
    expectNoDoubleCall(slow);
    const { completed = 0, failed = 0 } = (await statuses("flow_executions")) as { completed?: number; failed?: number };
    expect(completed + failed).toBe(people);
    if (point === "chunk-read") expect(await statuses("messages")).toEqual({ sent: people * 2 });
  },
);

test("what a condition answered before a crash stays answered, although the contact has changed since", async () => {
  const choose = node("condition", { branches: [{ id: "new", tests: [{ field: "lead_status", operator: "is", value: "New" }] }] });
  const forked = graph(
    [node("start"), choose, sms("for the new"), email("for the others")],
    "start > condition",
    "condition:new > sms",
    "condition:otherwise > email",
  );
  const flowId = await buildFlow(db.owner, workspaceId, forked);
  const contactId = await buildContact(db.owner, workspaceId, { lead_status: "New" });
  const first = await startTestEngine(db.owner);
  await first.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  crashAt("saving");
  await expect(first.run()).rejects.toThrow(SimulatedCrash);
  await sql`update contacts set lead_status = 'Customer' where id = ${contactId}`.execute(db.owner);
  const heir = await takeOver(first);
  await heir.wait(20);
  expect(first.providers.sms.calls).toHaveLength(1);
  expect(first.providers.email.calls).toHaveLength(0);
});

test("who opts out between the look and the claim gets nothing", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  const contactId = await buildContact(db.owner, workspaceId);
  const sluice = await startTestEngine(db.owner);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  onBreakPoint(async (name) => {
    if (name !== "chunk-read") return;
    onBreakPoint(undefined);
    await sql`update contacts set sms_opted_out_at = now() where id = ${contactId}`.execute(db.owner);
  });
  await sluice.run();
  expect(sluice.providers.sms.calls).toEqual([]);
  expect(sluice.providers.email.calls).toHaveLength(1);
  const step = await db.owner
    .selectFrom("flow_execution_steps")
    .select(["status", "reason"])
    .where("flow_execution_id", "=", executionId as string)
    .where("node_id", "=", "sms")
    .execute();
  expect(step).toEqual([{ status: "skipped", reason: "opted_out_sms" }]);
});

test.each([
  ["stopped", () => sql`update flow_sends set state = 'stopped' where workspace_id = ${workspaceId}`],
  [
    "suppressed",
    () =>
      sql`insert into suppressions (workspace_id, channel, address, reason) select workspace_id, 'sms', phone_e164, 'dnc' from contacts where workspace_id = ${workspaceId}`,
  ],
  ["deleted", () => sql`delete from contacts where workspace_id = ${workspaceId}`],
])("what is %s between the look and the claim is not sent", async (_, change) => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const contactId = await buildContact(db.owner, workspaceId);
  const sluice = await startTestEngine(db.owner);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  onBreakPoint(async (name) => {
    if (name !== "chunk-read") return;
    onBreakPoint(undefined);
    await change().execute(db.owner);
  });
  await sluice.run();
  expect(sluice.providers.sms.calls).toEqual([]);
  expect(await statuses("messages")).toEqual({});
});

test("a second try that was not to be, and a death after the next change: the message of the first one is closed all the same", async () => {
  const first = await startTestEngine(db.owner);
  first.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true });
  const contactId = await buildContact(db.owner, workspaceId);
  const change = node("update_contact", { changes: [{ field: "metadata.points", operation: "add", value: 1 }] });
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("one"), change, node("end")));
  await first.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await first.run();
  await sql`update contacts set sms_opted_out_at = now() where id = ${contactId}`.execute(db.owner);
  crashAt("changes-committed");
  await expect(first.wait(120)).rejects.toThrow(SimulatedCrash);
  const heir = await takeOver(first);
  await heir.wait(180);
  expect(await statuses("messages")).toEqual({ failed: 1 });
  expect(await statuses("flow_executions")).toEqual({ completed: 1 });
});

test("a second try that went through, and a death at the next message: the execution goes on behind it, and nothing stays open", async () => {
  const first = await startTestEngine(db.owner);
  const busy = { outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true } as const;
  first.providers.sms.answer(busy, { outcome: "accepted", providerMessageId: "second try" });
  const contactId = await buildContact(db.owner, workspaceId);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("one"), email("two"), node("end")));
  await first.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await first.run();
  const crashed = crashAt("messages-claimed", 2);
  await expect(first.wait(120)).rejects.toThrow(SimulatedCrash);
  expect(crashed()).toBe(true);
  const heir = await takeOver(first);
  await heir.wait(180);
  await heir.wait(60);
  expect(await statuses("messages")).toEqual({ sent: 1, unknown: 1 });
  expect(await statuses("flow_executions")).toEqual({ failed: 1 });
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .select(["node_id", "attempt", "status"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("created_at")
    .execute();
  expect(steps.map(({ node_id, attempt, status }) => `${node_id} ${attempt} ${status}`)).toEqual([
    ...["start 1 completed", "sms 1 failed", "sms 2 completed", "email 1 failed"],
  ]);
});
