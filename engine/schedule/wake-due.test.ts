import { sql } from "kysely";
import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

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
  await db.owner.deleteFrom("private.turns").execute();
  await first.wait(6);
  expect(first.providers.sms.calls).toHaveLength(3);
});
