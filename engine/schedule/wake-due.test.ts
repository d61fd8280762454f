import { sql } from "kysely";
import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import { endTurnsOfTheDead } from "./turn-rows.ts";

setUpWorkspace();

const flow = chain(node("start"), wait(60), sms(), node("end"));
const wakeUps = async () =>
  Number(
    (
      await db.owner
        .selectFrom("wake_ups")
        .select(({ fn }) => fn.countAll().as("n"))
        .executeTakeFirstOrThrow()
    ).n,
  );

test("wakes nobody before the time, and everybody after it, leaving no wake-up behind", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 20);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { engine, run, wait: turn, providers } = await startTestEngine(db.owner);
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  await run();
  expect(await wakeUps()).toBe(20);
  await turn(59);
  expect(providers.sms.calls).toHaveLength(0);
  await turn(2);
  expect(providers.sms.calls).toHaveLength(20);
  expect(await wakeUps()).toBe(0);
});

test("rings once for what is due in a workspace, whatever its versions", async () => {
  const other = await buildWorkspace(db.owner);
  const { engine, driver, run, wait: turn } = await startTestEngine(db.owner);
  for (const workspace of [workspaceId, other]) {
    const ids = await buildContacts(db.owner, workspace, 3);
    for (const graph of [flow, chain(node("start"), wait(60), sms("another"))]) {
      await engine.createSend(sendTo(workspace, await buildFlow(db.owner, workspace, graph), ids));
    }
  }
  await run();
  driver.clock.forward(61_000);
  const jobs = await turn(0);
  // Two workspaces with six who woke; each looks once more and finds nothing.
  expect(jobs).toBe(4);
});

test("is rung for again when the job that should have seen to it got lost", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const first = await startTestEngine(db.owner);
  await first.engine.createSend(sendTo(workspaceId, flowId, ids));
  await first.run();
  // A worker hands them over and dies; then somebody empties the queue.
  onBreakPoint((name) => {
    if (name === "timers-handed-over") throw new SimulatedCrash();
  });
  await expect(first.wait(61)).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await sql`delete from private.inline_jobs`.execute(db.owner);
  await first.wait(0);
  expect(first.providers.sms.calls).toHaveLength(3);
});

test("who is in a turn's hands is nobody else's, and due again once the turn is gone", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const first = await startTestEngine(db.owner);
  await first.engine.createSend(sendTo(workspaceId, flowId, ids));
  await first.run();
  onBreakPoint((name) => {
    if (name === "portion-taken") throw new SimulatedCrash();
  });
  await expect(first.wait(61)).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await first.wait(61);
  expect(first.providers.sms.calls).toHaveLength(0);
  await sql`update private.turns set began_at = clock_timestamp() - interval '1 minute'`.execute(db.owner);
  await db.owner.deleteFrom("private.workers").execute();
  expect(await endTurnsOfTheDead(db.owner)).toBe(1);
  // One look sees that everything is to be looked at, and the next one looks.
  await first.wait(6);
  await first.run();
  expect(first.providers.sms.calls).toHaveLength(3);
});

test("an execution that was woken, went on and had to stop before its message is taken up again", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 60);
  const graph = chain(node("start"), wait(60), node("set_variable", { name: "mark", value: "set" }), sms(), node("end"));
  const flowId = await buildFlow(db.owner, workspaceId, graph);
  const provider = fakeProvider("sms", { concurrency: 1 });
  const { engine, run, wait: turn } = await startTestEngine(db.owner, { providerFor: async () => provider });
  await engine.createSend(sendTo(workspaceId, flowId, ids));
  await run();
  // The channel closes at the first batch, so most of them stand behind the variable and before the message.
  const closed = { outcome: "rejected", reason: "provider_unavailable", message: "Closed", retryable: true, pausesChannel: true } as const;
  provider.answer(closed, { outcome: "accepted", providerMessageId: "id" });
  await turn(61);
  for (let minutes = 0; minutes < 30; minutes += 1) await turn(60);
  const { rows } = await sql`select status, count(*)::int as many from flow_executions
    where workspace_id = ${workspaceId} group by status`.execute(db.owner);
  expect(rows).toEqual([{ status: "completed", many: 60 }]);
  expect(await wakeUps()).toBe(0);
});

test("a wake-up that comes to light long after its moment is found by the look at all workspaces, which one worker of all does", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 1);
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const first = await startTestEngine(db.owner);
  await first.engine.createSend(sendTo(workspaceId, flowId, ids));
  await first.run();
  // Nobody may look at all workspaces for now.
  await sql`update private.leases set until = clock_timestamp() + interval '1 hour'`.execute(db.owner);
  await sql`update wake_ups set due_at = due_at + interval '1 day'`.execute(db.owner);
  await first.wait(600);
  await sql`update wake_ups set due_at = clock_timestamp() - interval '1 hour'`.execute(db.owner);
  await first.run();
  expect(first.providers.sms.calls).toHaveLength(0);
  await sql`update private.leases set until = clock_timestamp()`.execute(db.owner);
  // One look sees that it is time, and the next one looks.
  await first.run();
  await first.run();
  expect(first.providers.sms.calls).toHaveLength(1);
  const { rows } = await sql<{ taken: boolean }>`select until > clock_timestamp() as taken from private.leases`.execute(db.owner);
  expect(rows).toEqual([{ taken: true }]);
});
