import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { SendPatch } from "#contract/send-changes.ts";
import type { Tx } from "#db/client.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { onBreakPoint } from "../base/break-point.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine();

const actor = { id: null, name: "Ada" };
const drip = { count: 1, everySeconds: 3600, days: [1, 2, 3, 4, 5, 6, 7] };

async function begin(more: Partial<CreateSendInput>): Promise<string> {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
  return (await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, more))).sendId;
}

const readSend = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const countSend = (tx: Tx, sendId: string) => sql`update flow_sends set reached = reached where id = ${sendId}::uuid`.execute(tx);

/**
 * A worker holds rows of the send and then needs the row of the send itself, as every pass does at its end. The schedule is
 * changed in between. A transaction that waited for the other while holding its own rows would make a deadlock.
 */
async function whileHeld(sendId: string, hold: (tx: Tx) => Promise<unknown>, patch: SendPatch): Promise<PromiseSettledResult<void>> {
  const letGo = Promise.withResolvers<void>();
  onBreakPoint((point) => {
    if (point === "reschedule-let-go") letGo.resolve();
  });
  let change: Promise<PromiseSettledResult<void>[]> | undefined;
  await db.owner.transaction().execute(async (tx) => {
    await hold(tx);
    change = Promise.allSettled([sluice.engine.rescheduleSend({ workspaceId, sendId, actor, patch })]);
    await letGo.promise;
    await countSend(tx, sendId);
  });
  return (await change)?.[0] as PromiseSettledResult<void>;
}

/** Ends a send that would begin in years. */
async function end(sendId: string): Promise<void> {
  await sluice.engine.stopSend({ workspaceId, sendId, actor });
  await sluice.run();
}

describe("a new schedule and a worker never wait for each other", () => {
  const start = { at: "2031-01-01T09:00", zone: "contact" } as const;

  test("where a pass has moved executions that begin on each contact's own clock", async () => {
    const sendId = await begin({ start: { at: "2030-01-01T09:00", zone: "contact" } });
    const hold = (tx: Tx) => sql`update flow_executions set result = result where send_id = ${sendId}::uuid and seq = 1`.execute(tx);
    expect(await whileHeld(sendId, hold, { start })).toMatchObject({ status: "fulfilled" });
    expect(await readSend(sendId)).toMatchObject({ start });
    await end(sendId);
  });

  test("where a turn holds their wake-ups", async () => {
    const sendId = await begin({ start: { at: "2030-01-01T09:00", zone: "contact" } });
    const hold = (tx: Tx) =>
      sql`update wake_ups set failures = failures where flow_execution_id in
      (select id from flow_executions where send_id = ${sendId}::uuid)`.execute(tx);
    expect(await whileHeld(sendId, hold, { start })).toMatchObject({ status: "fulfilled" });
    await end(sendId);
  });

  test("where a turn gives a lane back while the drip is changed", async () => {
    const sendId = await begin({ drip });
    const hold = (tx: Tx) => sql`update private.send_lanes set tries = tries where send_id = ${sendId}::uuid`.execute(tx);
    expect(await whileHeld(sendId, hold, { drip: null })).toMatchObject({ status: "fulfilled" });
    expect(await readSend(sendId)).toMatchObject({ drip: null });
    await end(sendId);
  });

  test("and one whose contacts have begun meanwhile is told so", async () => {
    const sendId = await begin({ start: { at: "2030-01-01T09:00", zone: "contact" } });
    const hold = (tx: Tx) => sql`update flow_executions set status = 'running' where send_id = ${sendId}::uuid and seq = 1`.execute(tx);
    expect(await whileHeld(sendId, hold, { start })).toMatchObject({ status: "rejected", reason: { code: "conflict" } });
    await db.owner.updateTable("flow_executions").set({ status: "pending" }).where("send_id", "=", sendId).execute();
    await end(sendId);
  });
});

describe("a new start after which every message would be too late", () => {
  const start = { at: "2030-01-01T09:00", zone: "workspace" } as const;
  const move = (sendId: string, at: SendPatch["start"]) =>
    sluice.engine.rescheduleSend({ workspaceId, sendId, actor, patch: { start: at } });

  test("is refused, and the send keeps its start; one before the end is taken", async () => {
    const sendId = await begin({ start, notLaterThan: "2030-01-01T18:00" });
    const before = await readSend(sendId);
    for (const at of ["2030-01-01T18:00", "2030-01-02T09:00"])
      await expect(move(sendId, { ...start, at })).rejects.toMatchObject({ code: "send_too_late" });
    expect(await readSend(sendId)).toEqual(before);
    await move(sendId, { ...start, at: "2030-01-01T17:59" });
    expect(await readSend(sendId)).toMatchObject({ start: { at: "2030-01-01T17:59" } });
    await end(sendId);
  });

  test("is refused on the contacts' own clocks only where it is too late on every clock of the world", async () => {
    const zone = "contact" as const;
    const sendId = await begin({ start: { at: start.at, zone }, notLaterThan: "2030-01-01T18:00" });
    // Where the day begins first, it is 14 hours later than by the workspace's clock, which is UTC.
    await expect(move(sendId, { at: "2030-01-02T08:00", zone })).rejects.toMatchObject({ code: "send_too_late" });
    await move(sendId, { at: "2030-01-02T07:59", zone });
    expect(await readSend(sendId)).toMatchObject({ start: { at: "2030-01-02T07:59", zone } });
    await end(sendId);
  });

  test("says so where it would begin at once and its end has passed", async () => {
    const sendId = await begin({ start, notLaterThan: "2030-01-01T18:00" });
    await sql`update flow_sends set not_later_than = now() - interval '1 second' where id = ${sendId}::uuid`.execute(db.owner);
    await expect(move(sendId, null)).rejects.toMatchObject({ code: "send_too_late" });
    await end(sendId);
  });
});
