import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { beforeEach, expect, test } from "vitest";
import { findBulkJob } from "#db/queries/bulk-jobs.ts";
import { freeTheDead, sendTo } from "#test/engine.ts";
import { changeWorkspace, db, restartEngine, setUpWorkspace, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { CreateBulkJobInput } from "../bulk-api.ts";

setUpWorkspace();
beforeEach(() => restartEngine({ workSizes: { bulkPass: 10 } }));

const actor = { id: randomUUID(), name: "Nina" };
const everybody = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
async function press(type: "delete" | "restore", more: Partial<CreateBulkJobInput> = {}): Promise<string> {
  const jobId = randomUUID();
  await sluice.engine.createBulkJob({ workspaceId, jobId, selection: everybody, action: { type }, isAdmin: false, actor, ...more });
  return jobId;
}
async function undo(jobId: string): Promise<string> {
  return (await sluice.engine.undoBulkJob({ workspaceId, jobId, isAdmin: false, actor })).jobId;
}
const read = (id: string) => findBulkJob(db.owner, { workspaceId, id });
const reasonsOf = async (id: string) => {
  const rows = await db.owner
    .selectFrom("bulk_job_items")
    .select("reason")
    .where("job_id", "=", id)
    .where("reason", "is not", null)
    .execute();
  return rows.map(({ reason }) => reason).toSorted();
};
const here = async () => {
  const rows = await db.owner.selectFrom("contacts").select("deleted_at").where("workspace_id", "=", workspaceId).execute();
  return { here: rows.filter((row) => row.deleted_at === null).length, inBin: rows.filter((row) => row.deleted_at !== null).length };
};
const activeExecutions = async () => {
  const { rows } = await sql<{ status: string; reason: string | null }>`
    select status, cancel_reason as reason from flow_executions where workspace_id = ${workspaceId}`.execute(db.owner);
  return rows.filter(({ status }) => status === "pending" || status === "running").length;
};

test("a deletion moves everybody to the bin with who did it and ends their flows, and its undo brings them back without the flows", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 25);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(86_400), node("end")));
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids.slice(0, 15)));
  await sluice.run();
  expect(await activeExecutions()).toBe(15);
  const jobId = await press("delete", { expectedTotal: 25 });
  await sluice.run();
  expect(await read(jobId)).toMatchObject({ state: "done", total: 25, changed: 25, undoUntil: expect.any(String) });
  expect(await here()).toEqual({ here: 0, inBin: 25 });
  expect(await activeExecutions()).toBe(0);
  const by = await db.owner.selectFrom("contacts").select("deleted_by_name").where("workspace_id", "=", workspaceId).execute();
  expect(new Set(by.map((row) => row.deleted_by_name))).toEqual(new Set(["Nina"]));

  const undoId = await undo(jobId);
  await sluice.run();
  expect(await read(undoId)).toMatchObject({ state: "done", total: 25, changed: 25 });
  expect(await here()).toEqual({ here: 25, inBin: 0 });
  expect(await activeExecutions()).toBe(0);
});

test.each(["bulk-pass-written", "bulk-pass-committed"] as const)(
  "a worker killed at %s of a deletion and of its undo loses nobody and does nothing twice",
  async (point) => {
    await buildContacts(db.owner, workspaceId, 25);
    const killAt = async (nth: number) => {
      let passed = 0;
      onBreakPoint((name) => {
        if (name === point) passed += 1;
        if (passed === nth) throw new SimulatedCrash();
      });
      await expect(sluice.run()).rejects.toThrow(SimulatedCrash);
      onBreakPoint(undefined);
      await freeTheDead(db.owner, sluice);
    };
    const jobId = await press("delete");
    await killAt(2);
    await sluice.run();
    expect(await read(jobId)).toMatchObject({ state: "done", total: 25, changed: 25, same: 0 });
    const undoId = await undo(jobId);
    await killAt(2);
    await sluice.run();
    expect(await read(undoId)).toMatchObject({ state: "done", total: 25, changed: 25, same: 0 });
    expect(await here()).toEqual({ here: 25, inBin: 0 });
  },
);

test("an undo of a deletion leaves what was restored, erased, or deleted again since", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 5);
  const [restored = "", erased = "", again = ""] = ids;
  const jobId = await press("delete");
  await sluice.run();
  const restoring = await press("restore", { selection: { type: "ids", ids: [restored, again] } });
  await sluice.run();
  expect(await read(restoring)).toMatchObject({ state: "done", total: 2, changed: 2 });
  await press("delete", { selection: { type: "ids", ids: [again] } });
  await sluice.run();
  await sluice.engine.eraseContacts({ workspaceId, ids: [erased], actor });
  const undoId = await undo(jobId);
  await sluice.run();
  expect(await read(undoId)).toMatchObject({ state: "done", total: 5, changed: 2, same: 1, skipped: 2 });
  expect(await reasonsOf(undoId)).toEqual(["changed_since", "contact_deleted"]);
  expect(await here()).toEqual({ here: 3, inBin: 1 });
});

test("a restored selection is undone into the bin, and who is here already is the same", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 4);
  await press("delete", { selection: { type: "ids", ids: ids.slice(0, 3) } });
  await sluice.run();
  const jobId = await press("restore", { selection: { type: "ids", ids } });
  await sluice.run();
  expect(await read(jobId)).toMatchObject({ total: 4, changed: 3, same: 1 });
  const undoId = await undo(jobId);
  await sluice.run();
  expect(await read(undoId)).toMatchObject({ total: 3, changed: 3 });
  expect(await here()).toEqual({ here: 1, inBin: 3 });
});

test("what lies in the bin is restored by its own workspace only, and nothing of it is changed by a status", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const status = { type: "change_status" as const, leadStatus: "Hot" };
  const jobId = randomUUID();
  const selection = { type: "ids" as const, ids };
  await sluice.engine.createBulkJob({ workspaceId, jobId, selection, action: status, isAdmin: false, actor });
  await sluice.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids: ids.slice(0, 2) }, actor });
  await sluice.run();
  expect(await read(jobId)).toMatchObject({ state: "done", total: 3, changed: 1, skipped: 2 });
  expect(await reasonsOf(jobId)).toEqual(["contact_deleted", "contact_deleted"]);
  await changeWorkspace();
  await expect(press("restore", { selection: { type: "ids", ids } })).rejects.toMatchObject({ code: "nothing_selected" });
});
