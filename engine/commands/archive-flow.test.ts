import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";

setUpEngine();

const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Tester" };
const of = (flowId: string, workspace = workspaceId) => ({ workspaceId: workspace, flowId, actor });
const archive = (flowId: string, people: "finish" | "end" = "finish") => sluice.engine.archiveFlow({ ...of(flowId), people });
const remove = (flowId: string, workspace = workspaceId) => sluice.engine.deleteFlow(of(flowId, workspace));
const waiting = () => buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms("late")));
const enter = async (flowId: string, many = 1) =>
  sluice.engine.createSend(sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, many)));
const statesOf = async (flowId: string) =>
  (await db.owner.selectFrom("flow_executions").select(["status", "ended_reason"]).where("flow_id", "=", flowId).execute()).map(
    ({ status, ended_reason }) => `${status} ${ended_reason ?? ""}`.trim(),
  );
const rowOf = (flowId: string) => db.owner.selectFrom("flows").selectAll().where("id", "=", flowId).executeTakeFirst();

describe("refused", () => {
  test("is archiving and deleting what another workspace has, or nobody", async () => {
    const theirs = await buildFlow(db.owner, await buildWorkspace(db.owner), chain(node("start"), sms()));
    for (const id of [theirs, "0198f5a0-0000-7000-8000-0000000000f1"]) {
      await expect(archive(id)).rejects.toMatchObject({ code: "flow_not_found" });
      await expect(remove(id)).rejects.toMatchObject({ code: "flow_not_found" });
    }
    expect(await rowOf(theirs)).toMatchObject({ archived_at: null, deleted_at: null });
  });

  test("is deleting a flow in which contacts have been until it is archived, and while any are in it", async () => {
    const flowId = await waiting();
    await enter(flowId, 3);
    await sluice.run();
    await expect(remove(flowId)).rejects.toMatchObject({ code: "flow_not_archived" });
    await archive(flowId);
    await expect(remove(flowId)).rejects.toMatchObject({ code: "flow_in_use", message: expect.stringContaining("3 contacts are") });
    await sluice.wait(61);
    await remove(flowId);
    expect((await rowOf(flowId))?.deleted_at).not.toBeNull();
  });

  test("is entering an archived flow: by a send, by a test, with a graph of its own, and by another flow, which says why", async () => {
    const flowId = await waiting();
    const parent = await buildFlow(
      db.owner,
      workspaceId,
      graph([node("start"), node("start_flow", { flowId }), sms("refused")], "start > start_flow", "start_flow:failed > sms"),
    );
    await archive(flowId);
    const contactId = await buildContact(db.owner, workspaceId);
    for (const more of [{}, { isTest: true }, { graph: chain(node("start"), sms()) }]) {
      await expect(sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId], more))).rejects.toMatchObject({
        code: "flow_archived",
      });
    }
    await sluice.engine.createSend(sendTo(workspaceId, parent, [contactId]));
    await sluice.run();
    const steps = await db.owner
      .selectFrom("flow_execution_steps")
      .select(["reason"])
      .where("node_type", "=", "start_flow")
      .where("workspace_id", "=", workspaceId)
      .execute();
    expect(steps).toEqual([{ reason: "flow_archived" }]);
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["refused"]);
  });

  test("is entering and previewing a flow in the bin, as if it were not there", async () => {
    const flowId = await waiting();
    await remove(flowId);
    await expect(enter(flowId)).rejects.toMatchObject({ code: "flow_not_found" });
    const selection = { type: "ids" as const, ids: [await buildContact(db.owner, workspaceId)] };
    await expect(sluice.engine.previewSend({ workspaceId, flowId, selection, oncePerAddress: true })).rejects.toMatchObject({
      code: "flow_not_found",
    });
  });
});

test("who is in a flow that is archived finishes it, also those who were chosen and have not entered", async () => {
  const flowId = await waiting();
  await enter(flowId, 2);
  await sluice.run();
  expect(await archive(flowId)).toEqual({ stopped: 0, sendsLeft: 0 });
  await sluice.wait(61);
  expect(await statesOf(flowId)).toEqual(["completed", "completed"]);
  expect(sluice.providers.sms.calls).toHaveLength(2);
});

test("or is ended at once, in every send, and nothing of them leaves later", async () => {
  const flowId = await waiting();
  for (const many of [2, 3]) await enter(flowId, many);
  await sluice.run();
  expect(await archive(flowId, "end")).toEqual({ stopped: 5, sendsLeft: 0 });
  await sluice.wait(61);
  expect(await statesOf(flowId)).toEqual(Array(5).fill("cancelled send_stopped"));
  expect(sluice.providers.sms.calls).toEqual([]);
  // Asking again, also for what was archived before, ends nobody twice.
  expect(await archive(flowId, "end")).toEqual({ stopped: 0, sendsLeft: 0 });
});

test("nobody slips in while everybody is ended", async () => {
  const flowId = await waiting();
  const ids = await buildContacts(db.owner, workspaceId, 20);
  const entering = ids.map((id) =>
    sluice.engine.createSend(sendTo(workspaceId, flowId, [id])).then(
      () => "in",
      ({ code }) => code as string,
    ),
  );
  const [answers] = await Promise.all([Promise.all(entering), archive(flowId, "end")]);
  expect(answers.every((answer) => answer === "in" || answer === "flow_archived")).toBe(true);
  await sluice.run();
  await sluice.wait(61);
  expect(sluice.providers.sms.calls).toEqual([]);
  expect((await statesOf(flowId)).filter((state) => state !== "cancelled send_stopped")).toEqual([]);
});

describe("what was sent with a flow", () => {
  test("stays when the flow is deleted, also by SQL, which puts it into the bin", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi")));
    await enter(flowId);
    await sluice.run();
    await sql`delete from flows where id = ${flowId}`.execute(db.owner);
    await sql`delete from flows where id = ${flowId}`.execute(db.owner);
    expect((await rowOf(flowId))?.deleted_at).not.toBeNull();
    expect(await statesOf(flowId)).toEqual(["completed"]);
    const count = async (table: "flow_sends" | "flow_versions") =>
      (await db.owner.selectFrom(table).select("id").where("flow_id", "=", flowId).execute()).length;
    expect([await count("flow_sends"), await count("flow_versions")]).toEqual([1, 1]);
    // Also where nothing turns the deletion away, the tables do not let go of it.
    await sql`alter table flows disable trigger flows_bin`.execute(db.owner);
    await expect(sql`delete from flows where id = ${flowId}`.execute(db.owner)).rejects.toThrow(/flow_sends/);
    await sql`alter table flows enable trigger flows_bin`.execute(db.owner);
  });

  test("goes with its workspace, whole", async () => {
    const doomed = await buildWorkspace(db.owner);
    const flowId = await buildFlow(db.owner, doomed, chain(node("start"), sms("Hi")));
    await sluice.engine.createSend(sendTo(doomed, flowId, [await buildContact(db.owner, doomed)]));
    await sluice.run();
    await sql`delete from workspaces where id = ${doomed}`.execute(db.owner);
    const { rows } =
      await sql`select id from flows where workspace_id = ${doomed} union all select id from flow_executions where workspace_id = ${doomed}`.execute(
        db.owner,
      );
    expect(rows).toEqual([]);
  });
});

test("a flow that was never sent is deleted for good by a second deletion", async () => {
  const flowId = await waiting();
  await remove(flowId);
  await sql`delete from flows where id = ${flowId}`.execute(db.owner);
  expect(await rowOf(flowId)).toBeUndefined();
});

test("a folder that is deleted by SQL leaves its flows and folders where it was", async () => {
  const folder = async (name: string, parent: string | null) =>
    (
      await db.owner
        .insertInto("flow_folders")
        .values({ workspace_id: workspaceId, name, parent_id: parent })
        .returning("id")
        .executeTakeFirstOrThrow()
    ).id;
  const outer = await folder("Outer", null);
  const middle = await folder("Middle", outer);
  const inner = await folder("Inner", middle);
  const flowId = await waiting();
  await db.owner.updateTable("flows").set({ folder_id: middle }).where("id", "=", flowId).execute();
  await sql`delete from flow_folders where id = ${middle}`.execute(db.owner);
  expect(await rowOf(flowId)).toMatchObject({ folder_id: outer });
  expect(await db.owner.selectFrom("flow_folders").select("parent_id").where("id", "=", inner).executeTakeFirst()).toEqual({
    parent_id: outer,
  });
});
