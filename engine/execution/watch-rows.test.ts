import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import type { TestEngine } from "#test/engine.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import type { BreakPoint } from "../base/break-point.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpEngine();

const isCustomer = [{ field: "lead_status", operator: "is", value: "Customer" }];
const until = (more: Record<string, unknown> = {}) => node("wait_until", { tests: isCustomer, limitSeconds: 3600, ...more });
const waiting = graph(
  [node("start"), until(), sms("met", {}, "met"), email("over")],
  "start > wait_until",
  "wait_until:met > met",
  "wait_until:time_over > email",
);
const goal = (more: Record<string, unknown> = {}) => node("goal", { tests: isCustomer, ...more });
const goalBehind = (...nodes: ReturnType<typeof node>[]) => chain(node("start"), ...nodes, goal(), email("at the goal"));

const become = (status: string, id?: string) =>
  sql`update contacts set lead_status = ${status} where workspace_id = ${workspaceId} and (${id ?? null}::uuid is null or id = ${id ?? null})`.execute(
    db.owner,
  );
const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const steps = (id: string) =>
  db.owner
    .selectFrom("flow_execution_steps")
    .select(["node_id", "status", "exit", "reason", "result", "attempt"])
    .where("flow_execution_id", "=", id)
    .orderBy("visit")
    .orderBy("attempt")
    .execute();
const watching = async () =>
  (await db.owner.selectFrom("waits").select("node_id").where("workspace_id", "=", workspaceId).execute()).map(({ node_id }) => node_id);
const said = () => [...sluice.providers.sms.calls.map(({ text }) => text), ...sluice.providers.email.calls.map(({ subject }) => subject)];

async function send(flow: FlowGraph, contactId: string): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  return executionId as string;
}

describe("waiting until something is so", () => {
  test("goes on as soon as the contact changes to it, long before any look of its own", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const executionId = await send(waiting, id);
    expect(await execution(executionId)).toMatchObject({ status: "running", waiting_for: "event" });
    expect(await watching()).toEqual(["wait_until"]);
    await sluice.wait(600);
    await become("Customer");
    await sluice.run();
    expect(said()).toEqual(["met"]);
    expect(await watching()).toEqual([]);
    const [, waited] = await steps(executionId);
    expect(waited).toMatchObject({
      status: "completed",
      exit: "met",
      attempt: 1,
      result: { compared: [{ field: "lead_status", found: "Customer" }] },
    });
    expect((waited?.result as { waitedSeconds?: number } | undefined)?.waitedSeconds).toBeGreaterThanOrEqual(599);
  });

  test("goes on waiting through changes that are not it, in one step, and is over when its time is", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const executionId = await send(waiting, id);
    for (let i = 0; i < 5; i += 1) {
      await become(`Lead ${i}`);
      await sluice.wait(60);
    }
    expect(await steps(executionId)).toHaveLength(2);
    expect(await watching()).toHaveLength(1);
    await sluice.wait(3290);
    expect(said()).toEqual([]);
    await sluice.wait(20);
    expect(said()).toEqual(["over"]);
    expect(await steps(executionId)).toMatchObject([{}, { node_id: "wait_until", exit: "time_over", attempt: 1 }, {}]);
  });

  test("looks again by itself for what no change of the contact tells", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    await send(graph([node("start"), until({ lookAgainSeconds: 60 }), sms("met")], "start > wait_until", "wait_until:met > sms"), id);
    // As if its trigger had been lost.
    await db.owner.deleteFrom("waits").execute();
    await become("Customer");
    await sluice.run();
    expect(said()).toEqual([]);
    await sluice.wait(61);
    expect(said()).toEqual(["met"]);
  });

  test("misses no change that is made between the look and the rest", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    onBreakPoint(async (name) => {
      if (name !== "before-save") return;
      onBreakPoint(undefined);
      await become("Customer");
    });
    await send(waiting, id);
    expect(said()).toEqual(["met"]);
  });

  test("misses no change that is still being made when it comes to rest", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    await db.owner.transaction().execute(async (tx) => {
      await sql`update contacts set lead_status = 'Customer' where id = ${id}`.execute(tx);
      const flowId = await buildFlow(db.owner, workspaceId, waiting);
      await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
      // It looks again and again while it cannot see what comes of the change.
      onBreakPoint((name) => {
        if (name === "chunk-saved") throw new SimulatedCrash(name);
      });
      await sluice.run().catch((error) => expect(error).toBeInstanceOf(SimulatedCrash));
      onBreakPoint(undefined);
    });
    const heir = await startTestEngine(db.owner, { providerFor: async (_, channel) => sluice.providers[channel] });
    await freeTheDead(db.owner, sluice);
    await heir.wait(1);
    expect(said()).toEqual(["met"]);
  });

  test("leaves nothing behind when it is cancelled, and of a deleted contact", async () => {
    const ids = await buildContacts(db.owner, workspaceId, 2);
    const first = await send(waiting, ids[0] as string);
    await send(waiting, ids[1] as string);
    expect(await watching()).toHaveLength(2);
    await sluice.engine.cancelExecution({ workspaceId, executionId: first });
    expect(await watching()).toHaveLength(1);
    await db.owner
      .deleteFrom("contacts")
      .where("id", "=", ids[1] as string)
      .execute();
    await sluice.wait(3601);
    expect(await watching()).toEqual([]);
    expect(said()).toEqual([]);
  });
});

describe("a goal", () => {
  test("draws whoever sleeps before it to itself, and the step he left says so", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const executionId = await send(goalBehind(wait(86_400), sms("reminder")), id);
    expect(await watching()).toEqual(["delay"]);
    await become("Customer");
    await sluice.run();
    expect(said()).toEqual(["at the goal"]);
    expect(await steps(executionId)).toMatchObject([
      { node_id: "start" },
      { node_id: "delay", status: "skipped", reason: "goal_reached", result: { goal: "goal" } },
      { node_id: "goal", status: "completed", exit: "reached", result: { from: "delay" } },
      { node_id: "email" },
    ]);
    expect(await execution(executionId)).toMatchObject({ status: "completed" });
    expect(await watching()).toEqual([]);
  });

  test("wakes nobody before his time whom it does not draw", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const executionId = await send(goalBehind(wait(600), sms("reminder")), id);
    const { wake_at } = await execution(executionId);
    await become("Lead");
    await sluice.wait(300);
    expect(said()).toEqual([]);
    expect((await execution(executionId)).wake_at).toEqual(wake_at);
    expect(await steps(executionId)).toHaveLength(2);
    await sluice.wait(301);
    expect(said()).toEqual(["reminder", "at the goal"]);
  });

  test("is come to in the same pass by a change that the flow itself makes", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const makes = node("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "Customer" }] });
    const executionId = await send(goalBehind(makes, sms("reminder")), id);
    expect(said()).toEqual(["at the goal"]);
    expect((await steps(executionId)).at(-2)).toMatchObject({ node_id: "goal", result: { from: "sms" } });
  });

  test("lets a message in flight come to its end first, and takes one that waits for another try", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    sluice.providers.sms.answer(async () => {
      await become("Customer");
      return { outcome: "rejected", reason: "provider_rejected", message: "Busy", retryable: true };
    });
    const executionId = await send(goalBehind(sms("only once")), id);
    await sluice.wait(11);
    expect(said()).toEqual(["only once", "at the goal"]);
    const messages = await db.owner
      .selectFrom("messages")
      .select(["channel", "status", "reason"])
      .where("flow_execution_id", "=", executionId)
      .orderBy("visit")
      .execute();
    expect(messages).toMatchObject([{ channel: "sms", status: "failed", reason: "goal_reached" }, { status: "sent" }]);
  });

  test("that is not reached is passed, waited at, or the end, as its author wants", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const passed = chain(node("start"), goal(), sms("passed"));
    await send(passed, id);
    expect(said()).toEqual(["passed"]);
    const ended = await send(chain(node("start"), goal({ otherwise: "end" }), sms("never")), id);
    expect(await execution(ended)).toMatchObject({ status: "completed", result: { result: "not_reached" } });
    await send(chain(node("start"), goal({ otherwise: "wait" }), sms("waited")), id);
    expect(said()).toEqual(["passed"]);
    await become("Customer");
    await sluice.run();
    expect(said()).toEqual(["passed", "waited"]);
  });

  test("draws once: whoever a loop leads back before it comes to it on his own feet", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "Customer" });
    const loop = graph(
      [node("start"), sms("round"), wait(60), goal(), node("go_to", { target: "sms", times: 1, pauseSeconds: 60 })],
      "start > sms",
      "sms > delay",
      "delay > goal",
      "goal > go_to",
    );
    const executionId = await send(loop, id);
    for (let i = 0; i < 4; i += 1) await sluice.wait(61);
    expect(said()).toEqual(["round"]);
    expect(await execution(executionId)).toMatchObject({ status: "completed" });
  });
});

const points: readonly BreakPoint[] = [
  "portion-taken",
  "chunk-read",
  "messages-claimed",
  "changing",
  "changes-committed",
  "before-save",
  "saving",
  "chunk-saved",
];

async function crashAt(point: BreakPoint, nth: number): Promise<TestEngine> {
  let passed = 0;
  onBreakPoint((name) => {
    if (name !== point) return;
    passed += 1;
    if (passed === nth) throw new SimulatedCrash(point);
  });
  await sluice.run().catch((error) => expect(error).toBeInstanceOf(SimulatedCrash));
  onBreakPoint(undefined);
  const heir = await startTestEngine(db.owner, { providerFor: async (_, channel) => sluice.providers[channel] });
  await freeTheDead(db.owner, sluice);
  return heir;
}

const ways = async () => {
  const { rows } = await sql<{ status: string; met: number | null; way: string; count: number }>`
    select e.status, (c.metadata ->> 'met')::int as met, count(*)::int as count,
      (select string_agg(s.node_id || case s.status when 'completed' then '' else ' (' || s.status || ')' end, ', ' order by s.visit, s.attempt)
        from flow_execution_steps s where s.flow_execution_id = e.id) as way
    from flow_executions e join contacts c on c.id = e.contact_id where e.workspace_id = ${workspaceId} group by 1, 2, 4`.execute(db.owner);
  return rows;
};

describe.each(points)("killed at %s", (point) => {
  test.each([1, 2, 3])("for the %ith time, who was woken keeps to that way, although the contact has changed back", async (nth) => {
    const people = 4;
    const ids = await buildContacts(db.owner, workspaceId, people);
    await become("New");
    const count = node("update_contact", { changes: [{ field: "metadata.met", operation: "add", value: 1 }] }, "count");
    const flow = graph(
      [node("start"), until(), count, sms("met"), email("over")],
      "start > wait_until",
      "wait_until:met > count",
      "count > sms",
      "wait_until:time_over > email",
    );
    const flowId = await buildFlow(db.owner, workspaceId, flow);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    await sluice.run();
    await become("Customer");
    const heir = await crashAt(point, nth);
    await become("New");
    for (let i = 0; i < 3; i += 1) await heir.wait(121);
    await become("Customer");
    for (let i = 0; i < 3; i += 1) await heir.wait(121);
    for (const row of await ways()) {
      const passed = { status: "completed", met: 1, way: "start, wait_until, count, sms" };
      const inDoubt = { status: "failed", met: 1, way: "start, wait_until, count, sms (failed)" };
      expect([passed, inDoubt]).toContainEqual({ status: row.status, met: row.met, way: row.way });
    }
    expect(said()).not.toContain("over");
    expect(await watching()).toEqual([]);
  });

  test.each([1, 2, 3])("for the %ith time, who was drawn to a goal is drawn once", async (nth) => {
    const people = 4;
    const ids = await buildContacts(db.owner, workspaceId, people);
    await become("New");
    const count = node("update_contact", { changes: [{ field: "metadata.met", operation: "add", value: 1 }] }, "count");
    const flow = chain(node("start"), wait(86_400), sms("too late"), goal(), count, email("at the goal"));
    const flowId = await buildFlow(db.owner, workspaceId, flow);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    await sluice.run();
    await become("Customer");
    const heir = await crashAt(point, nth);
    await become("New");
    for (let i = 0; i < 3; i += 1) await heir.wait(121);
    await become("Customer");
    for (let i = 0; i < 3; i += 1) await heir.wait(121);
    for (const row of await ways()) {
      const passed = { status: "completed", met: 1, way: "start, delay (skipped), goal, count, email" };
      const inDoubt = { status: "failed", met: 1, way: "start, delay (skipped), goal, count, email (failed)" };
      expect([passed, inDoubt]).toContainEqual({ status: row.status, met: row.met, way: row.way });
    }
    expect(said()).not.toContain("too late");
    expect(await watching()).toEqual([]);
  });
});
