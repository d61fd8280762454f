import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import type { Channel } from "#contract/messages.ts";
import type { TestEngine } from "#test/engine.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import type { BreakPoint } from "../base/break-point.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

let contactId: string;
setUpWorkspace();
beforeEach(async () => {
  contactId = await buildContact(db.owner, workspaceId);
});

const resend = (channel: Channel) =>
  sql`update workspaces set ${sql.ref(`${channel}_in_doubt`)} = 'resend' where id = ${workspaceId}`.execute(db.owner);

async function send(engine: TestEngine, ...nodes: Parameters<typeof chain>): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, chain(...nodes));
  const { executionId } = await engine.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  return executionId as string;
}

const silence = { outcome: "unknown", message: "connection reset" } as const;
const taken = { outcome: "accepted", providerMessageId: "ok" } as const;
const landline = { outcome: "rejected", reason: "provider_rejected", message: "Landline", retryable: false } as const;

async function record() {
  const of = (table: string) => sql`${sql.table(table)} where workspace_id = ${workspaceId}`;
  const messages = await sql<{ status: string; attempt: number; reason: string | null }>`
    select status, attempt, reason from ${of("messages")} order by visit`.execute(db.owner);
  const steps = await sql<{ line: string }>`
    select concat_ws(' ', node_id, attempt, status, reason) as line from ${of("flow_execution_steps")} order by visit, attempt`.execute(
    db.owner,
  );
  const executions = await sql<{ status: string }>`select status from ${of("flow_executions")}`.execute(db.owner);
  return {
    messages: messages.rows,
    steps: steps.rows.map(({ line }) => line),
    executions: executions.rows.map(({ status }) => status),
  };
}

/** Killed there, as by SIGKILL; another worker takes over, with the same providers. */
async function killAt(point: BreakPoint, worker: TestEngine, doing: () => Promise<unknown>): Promise<TestEngine> {
  onBreakPoint((name) => {
    if (name === point) throw new SimulatedCrash(point);
  });
  await expect(doing()).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  const heir = await startTestEngine(db.owner, { providerFor: async (_, channel) => worker.providers[channel] });
  await freeTheDead(db.owner, worker);
  return heir;
}
const untilLeasesAreOver = 10;

describe("a workspace that has what is in doubt sent once more", () => {
  test("does so for that channel alone: on the other one it is held", async () => {
    await resend("email");
    const sluice = await startTestEngine(db.owner);
    sluice.providers.sms.answer(silence);
    sluice.providers.email.answer(silence, taken);
    await send(sluice, node("start"), email(), sms(), node("end"));
    await sluice.run();
    for (let i = 0; i < 3; i += 1) await sluice.wait(60);
    expect(sluice.providers.email.calls).toHaveLength(2);
    expect(new Set(sluice.providers.email.calls.map(({ id }) => id)).size, "it is the same message").toBe(1);
    expect(sluice.providers.sms.calls).toHaveLength(1);
    expect(await record()).toEqual({
      messages: [
        { status: "sent", attempt: 2, reason: null },
        { status: "unknown", attempt: 1, reason: "outcome_unknown" },
      ],
      steps: ["start 1 completed", "email 1 failed outcome_unknown", "email 2 completed", "sms 1 failed outcome_unknown"],
      executions: ["failed"],
    });
  });

  test("never a third time: a second silence is held for a person", async () => {
    await resend("sms");
    const sluice = await startTestEngine(db.owner);
    sluice.providers.sms.answer(silence);
    await send(sluice, node("start"), sms(), node("end"));
    await sluice.run();
    for (let i = 0; i < 5; i += 1) await sluice.wait(3600);
    expect(sluice.providers.sms.calls).toHaveLength(2);
    expect((await record()).messages).toEqual([{ status: "unknown", attempt: 2, reason: "outcome_unknown" }]);
  });

  test("a third time only after the provider has said 'not now', which sends nothing", async () => {
    await resend("sms");
    const sluice = await startTestEngine(db.owner);
    sluice.providers.sms.answer(
      silence,
      { outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true },
      silence,
    );
    await send(sluice, node("start"), sms(), node("end"));
    await sluice.run();
    for (let i = 0; i < 5; i += 1) await sluice.wait(3600);
    expect(sluice.providers.sms.calls).toHaveLength(3);
    expect((await record()).messages).toEqual([{ status: "unknown", attempt: 3, reason: "outcome_unknown" }]);
  });

  test("what the second try refuses is not called failed: the first may have arrived", async () => {
    await resend("sms");
    const sluice = await startTestEngine(db.owner);
    sluice.providers.sms.answer(silence, landline);
    await send(sluice, node("start"), sms(), node("end"));
    await sluice.run();
    await sluice.wait(60);
    expect(await record()).toMatchObject({
      messages: [{ status: "unknown", attempt: 2, reason: "outcome_unknown" }],
      executions: ["failed"],
    });
  });

  test.each([
    [
      "its address is closed",
      sql`insert into suppressions (workspace_id, channel, address, reason)
      select workspace_id, 'sms', phone_e164, 'dnc' from contacts`,
    ],
    ["the contact says STOP", sql`update contacts set sms_opted_out_at = now()`],
  ])("not when %s meanwhile; and it stays in doubt", async (_, change) => {
    await resend("sms");
    const sluice = await startTestEngine(db.owner);
    sluice.providers.sms.answer(silence);
    await send(sluice, node("start"), sms(), node("end"));
    await sluice.run();
    await sql`${change} where ${sql.ref("workspace_id")} = ${workspaceId}`.execute(db.owner);
    await sluice.wait(60);
    expect(sluice.providers.sms.calls).toHaveLength(1);
    expect((await record()).messages).toEqual([{ status: "unknown", attempt: 1, reason: "outcome_unknown" }]);
  });

  test.each(["cancelled", "stopped", "deleted"] as const)("not when it is %s meanwhile; and it stays in doubt", async (how) => {
    await resend("sms");
    const sluice = await startTestEngine(db.owner);
    sluice.providers.sms.answer(silence);
    const executionId = await send(sluice, node("start"), sms(), node("end"));
    await sluice.run();
    const actor = { id: "019a0000-0000-7000-8000-000000000001", name: "Test" };
    const { send_id } = await db.owner
      .selectFrom("flow_executions")
      .select("send_id")
      .where("id", "=", executionId)
      .executeTakeFirstOrThrow();
    if (how === "cancelled") await sluice.engine.cancelExecution({ workspaceId, executionId });
    if (how === "stopped") await sluice.engine.stopSend({ workspaceId, sendId: send_id, actor });
    if (how === "deleted") await sluice.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids: [contactId] }, actor });
    await sluice.run();
    await sluice.wait(60);
    expect(sluice.providers.sms.calls).toHaveLength(1);
    expect(await record()).toMatchObject({
      messages: [{ status: "unknown", attempt: 1, reason: "outcome_unknown" }],
      executions: ["cancelled"],
    });
  });

  test.each(["messages-claimed", "provider-called", "provider-answered", "batch-answered"] as const)(
    "also when the worker was killed at %s, and the history has both tries",
    async (point) => {
      await resend("sms");
      const first = await startTestEngine(db.owner);
      const heir = await killAt(point, first, async () => {
        await send(first, node("start"), sms(), node("end"));
        await first.run();
      });
      for (let i = 0; i < 4; i += 1) await heir.wait(untilLeasesAreOver * 2);
      expect(await record()).toEqual({
        messages: [{ status: "sent", attempt: 2, reason: null }],
        steps: ["start 1 completed", "sms 1 failed outcome_unknown", "sms 2 completed", "end 1 completed"],
        executions: ["completed"],
      });
      expect(first.providers.sms.calls.length).toBeLessThanOrEqual(2);
    },
  );

  test.each(["before-save", "saving"] as const)(
    "also when whoever found the message of the dead is killed at %s before it could say so",
    async (point) => {
      await resend("sms");
      const first = await startTestEngine(db.owner);
      const second = await killAt("provider-answered", first, async () => {
        await send(first, node("start"), sms(), node("end"));
        await first.run();
      });
      const third = await killAt(point, { ...second, providers: first.providers }, () => second.wait(untilLeasesAreOver * 2));
      for (let i = 0; i < 4; i += 1) await third.wait(untilLeasesAreOver * 2);
      const { steps, messages } = await record();
      expect(messages).toEqual([{ status: "sent", attempt: 2, reason: null }]);
      expect(steps).toEqual(["start 1 completed", "sms 1 failed outcome_unknown", "sms 2 completed", "end 1 completed"]);
      expect(first.providers.sms.calls).toHaveLength(2);
    },
  );

  test("not when the first answer comes after all, from a worker that was believed dead", async () => {
    await resend("sms");
    const slow = await startTestEngine(db.owner);
    let answer = () => {};
    slow.providers.sms.answer(() => new Promise((resolve) => (answer = () => resolve(taken))));
    await send(slow, node("start"), sms(), node("end"));
    const running = slow.run();
    await expect.poll(() => slow.providers.sms.calls.length).toBe(1);
    const rival = await startTestEngine(db.owner);
    await freeTheDead(db.owner, slow);
    rival.driver.clock.forward(untilLeasesAreOver * 1000);
    await sql`update messages set lease_until = now() - interval '1 second' where workspace_id = ${workspaceId}`.execute(db.owner);
    await rival.run();
    expect((await record()).messages).toEqual([{ status: "queued", attempt: 1, reason: "outcome_unknown" }]);
    answer();
    await running;
    for (let i = 0; i < 3; i += 1) await rival.wait(60);
    expect(rival.providers.sms.calls).toEqual([]);
    expect(await record()).toMatchObject({ messages: [{ status: "sent", attempt: 1, reason: null }], executions: ["completed"] });
  });
});
