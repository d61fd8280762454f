import { sql } from "kysely";
import { expect, test } from "vitest";
import type { TestEngine } from "#test/engine.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";

setUpTestDb();

const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Tester" };

interface Family {
  sluice: TestEngine;
  workspaceId: string;
  middle: { id: string; send_id: string; contact_id: string };
}

/** How each of the four ways to end an execution from outside is begun. */
const ways: Record<string, { end: (family: Family) => Promise<unknown>; status: string; reason: string; middleContact: "own" | "shared" }> =
  {
    "a person cancels it": {
      end: ({ sluice, workspaceId, middle }) => sluice.engine.cancelExecution({ workspaceId, executionId: middle.id }),
      status: "cancelled",
      reason: "cancelled",
      middleContact: "shared",
    },
    "its send is stopped": {
      end: ({ sluice, workspaceId, middle }) => sluice.engine.stopSend({ workspaceId, sendId: middle.send_id, actor }),
      status: "cancelled",
      reason: "send_stopped",
      middleContact: "shared",
    },
    "its contact is deleted": {
      end: ({ sluice, workspaceId, middle }) =>
        sluice.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids: [middle.contact_id] }, actor }),
      status: "cancelled",
      reason: "contact_deleted",
      middleContact: "own",
    },
    "its data breaks every statement": {
      async end({ sluice, middle }) {
        await sql`update flow_executions set wake_at = now() where id = ${middle.id}::uuid`.execute(db.owner);
        await sql`create function refuse_one() returns trigger language plpgsql as $$ begin
        if new.id = tg_argv[0]::uuid and new.status <> 'failed' then raise exception 'no' using errcode = '22000'; end if; return new; end $$`.execute(
          db.owner,
        );
        await sql`create trigger refuse_one before update on flow_executions for each row execute function refuse_one(${sql.lit(middle.id)})`.execute(
          db.owner,
        );
        await sql`update wake_ups set due_at = now() where flow_execution_id = ${middle.id}::uuid`.execute(db.owner);
        for (let i = 0; i < 8; i += 1) await sluice.wait(31);
        await sql`drop trigger refuse_one on flow_executions`.execute(db.owner);
      },
      status: "failed",
      reason: "internal",
      middleContact: "shared",
    },
  };

/**
 * An execution that waits for a child and for whose own end a parent waits. Its start lies ahead of the clock, as after a
 * correction of the database's clock.
 */
async function buildFamily(middleContact: "own" | "shared"): Promise<Family & { parentId: string; childId: string }> {
  const sluice = await startTestEngine(db.owner);
  const workspaceId = await buildWorkspace(db.owner);
  const startAndWait = (flowId: string, text: string) =>
    graph(
      [node("start"), node("start_flow", { flowId, wait: true }), sms(text)],
      "start > start_flow",
      "start_flow:finished > sms",
      "start_flow:failed > sms",
    );
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(3000), sms("child")));
  const middle = await buildFlow(db.owner, workspaceId, startAndWait(child, "middle"));
  const parent = await buildFlow(db.owner, workspaceId, startAndWait(middle, "parent"));
  const contactId = await buildContact(db.owner, workspaceId);
  await sluice.engine.createSend(sendTo(workspaceId, parent, [contactId]));
  await sluice.run();
  const idOf = async (flowId: string) =>
    db.owner.selectFrom("flow_executions").select(["id", "send_id"]).where("flow_id", "=", flowId).executeTakeFirstOrThrow();
  const found = await idOf(middle);
  const other = middleContact === "own" ? await buildContact(db.owner, workspaceId) : contactId;
  await sql`update flow_executions set contact_id = ${other}::uuid, started_at = now() + interval '1 day' where id = ${found.id}::uuid`.execute(
    db.owner,
  );
  await sql`insert into waits (workspace_id, flow_execution_id, contact_id, event, node_id)
    values (${workspaceId}, ${found.id}::uuid, ${contactId}::uuid, 'contact_changed', 'start_flow')`.execute(db.owner);
  return {
    sluice,
    workspaceId,
    middle: { ...found, contact_id: other },
    parentId: (await idOf(parent)).id,
    childId: (await idOf(child)).id,
  };
}

test.each(Object.entries(ways))("when %s, nothing of it stays open, its parent goes on and its child ends", async (_, way) => {
  const family = await buildFamily(way.middleContact);
  const { sluice, middle, parentId, childId } = family;
  await way.end(family);
  await sluice.run();
  await sluice.wait(1);
  const read = (id: string) =>
    db.owner
      .selectFrom("flow_executions")
      .select(["status", "ended_reason", "execution_time", "wake_at"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
  expect(await read(middle.id)).toEqual({ status: way.status, ended_reason: way.reason, execution_time: 0, wake_at: null });
  for (const table of ["wake_ups", "waits"] as const) {
    expect(await db.owner.selectFrom(table).selectAll().where("flow_execution_id", "=", middle.id).execute(), table).toEqual([]);
  }
  const open = await db.owner
    .selectFrom("flow_execution_steps")
    .select("node_id")
    .where("flow_execution_id", "=", middle.id)
    .where("status", "in", ["waiting", "running"])
    .execute();
  expect(open).toEqual([]);
  expect((await read(parentId)).status).not.toBe("running");
  expect((await read(childId)).status).toBe("cancelled");
});

test("an execution that never started and fails has a start and a duration", async () => {
  const sluice = await startTestEngine(db.owner);
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi")));
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [await buildContact(db.owner, workspaceId)]));
  await sql`create function refuse_all() returns trigger language plpgsql as $$ begin
    if new.status <> 'failed' then raise exception 'no' using errcode = '22000'; end if; return new; end $$`.execute(db.owner);
  await sql`create trigger refuse_all before update on flow_executions for each row execute function refuse_all()`.execute(db.owner);
  for (let i = 0; i < 8; i += 1) await sluice.wait(31);
  await sql`drop trigger refuse_all on flow_executions`.execute(db.owner);
  const row = await db.owner
    .selectFrom("flow_executions")
    .select(["status", "started_at", "execution_time"])
    .where("send_id", "=", sendId)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ status: "failed", started_at: expect.any(Date) });
  expect(row.execution_time).toBeGreaterThanOrEqual(0);
});

test("an execution that took longer than the column for its time can hold ends all the same, by itself and by a person", async () => {
  const sluice = await startTestEngine(db.owner);
  const workspaceId = await buildWorkspace(db.owner);
  const day = 86_400;
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(30 * day), sms("Hi"), wait(60 * day, "later")));
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [await buildContact(db.owner, workspaceId)]));
  const other = await sluice.engine.createSend(sendTo(workspaceId, flowId, [await buildContact(db.owner, workspaceId)]));
  await sluice.run();
  await sluice.wait(31 * day);
  expect(sluice.providers.sms.calls).toHaveLength(2);
  await sluice.engine.cancelExecution({ workspaceId, executionId: other.executionId as string });
  await sluice.wait(61 * day);
  const rows = await db.owner
    .selectFrom("flow_executions")
    .select(["id", "status", "execution_time"])
    .where("workspace_id", "=", workspaceId)
    .execute();
  expect(new Map(rows.map(({ id, status, execution_time }) => [id, `${status} ${execution_time}`]))).toEqual(
    new Map([
      [executionId as string, "completed 2147483647"],
      [other.executionId as string, "cancelled 2147483647"],
    ]),
  );
});
