import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { findBulkJob } from "#db/queries/bulk-jobs.ts";
import { insertLeadStatus, listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { freeTheDead } from "#test/engine.ts";
import { db, restartEngine, setUpWorkspace, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node } from "#test/graphs.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { ReplaceStatusInput } from "../bulk-api.ts";

setUpWorkspace();
beforeEach(() => restartEngine({ workSizes: { bulkPass: 10 } }));

const actor = { id: randomUUID(), name: "Nina" };
const names = async () => (await listLeadStatuses(db.owner, { workspaceId })).map(({ name }) => name);
const idOf = async (name: string) =>
  (await listLeadStatuses(db.owner, { workspaceId })).find((status) => status.name === name)?.id as string;
const setStatus = (ids: string[], status: string | null, more = {}) =>
  db.owner
    .updateTable("contacts")
    .set({ lead_status: status, ...more })
    .where("id", "in", ids)
    .execute();
const counts = async () => {
  const rows = await db.owner.selectFrom("contacts").select("lead_status").where("workspace_id", "=", workspaceId).execute();
  return Object.fromEntries([...Map.groupBy(rows, ({ lead_status }) => String(lead_status))].map(([name, of]) => [name, of.length]));
};
const read = (id: string | null) => findBulkJob(db.owner, { workspaceId, id: id as string });
const replace = (change: ReplaceStatusInput["change"], jobId: string = randomUUID()) =>
  sluice.engine.replaceStatus({ workspaceId, jobId, change, actor });
const rename = async (from: string, name: string) => (await replace({ type: "rename", statusId: await idOf(from), name })).jobId;
const remove = async (name: string, replacement?: string) =>
  (await replace({ type: "remove", statusId: await idOf(name), replacement })).jobId;
async function undo(jobId: string | null, isAdmin = true): Promise<string> {
  const { jobId: undoId } = await sluice.engine.undoBulkJob({ workspaceId, jobId: jobId as string, isAdmin, actor });
  await sluice.run();
  return undoId;
}

describe("refused is", () => {
  test("a name that another status has, in whatever spelling", async () => {
    await expect(rename("New", " cóntacted")).rejects.toMatchObject({ code: "conflict" });
    expect(await names()).toContain("New");
  });

  test("to remove a status that contacts have without saying what they get, and to give them that status itself", async () => {
    await setStatus(await buildContacts(db.owner, workspaceId, 3), "new");
    await expect(remove("New")).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("3 contacts have the status “New”"),
    });
    await expect(remove("New", await idOf("New"))).rejects.toMatchObject({ code: "conflict" });
    await expect(remove("New", randomUUID())).rejects.toMatchObject({ code: "conflict" });
    expect(await names()).toContain("New");
  });

  test("to an editor, to take a change of the list back", async () => {
    await setStatus(await buildContacts(db.owner, workspaceId, 2), "New");
    const jobId = await rename("New", "Fresh");
    await sluice.run();
    await expect(undo(jobId, false)).rejects.toMatchObject({ code: "forbidden" });
    expect(await names()).toContain("Fresh");
  });

  test("an undo whose name belongs to another status by now", async () => {
    await setStatus(await buildContacts(db.owner, workspaceId, 2), "New");
    const jobId = await rename("New", "Fresh");
    await sluice.run();
    await insertLeadStatus(db.owner, { workspaceId, name: "NEW", color: "grey", kind: "open" });
    await expect(undo(jobId)).rejects.toMatchObject({ code: "conflict" });
    expect(await counts()).toEqual({ Fresh: 2 });
  });
});

test("a status that nobody has is renamed and removed without a job", async () => {
  await buildContacts(db.owner, workspaceId, 2);
  expect(await rename("New", "Fresh")).toBeNull();
  expect(await remove("Fresh")).toBeNull();
  expect(await names()).not.toContain("Fresh");
});

test("a rename carries over every contact in whatever spelling, those in the bin too, and the undo gives each its own back", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 30);
  await setStatus(ids.slice(0, 12), "New");
  await setStatus(ids.slice(12, 20), " nÉw ");
  await setStatus(ids.slice(20, 25), "Lost");
  await setStatus(ids.slice(18, 20), "New", { deleted_at: new Date() });
  const jobId = await rename("New", "Fresh");
  expect(await names()).toContain("Fresh");
  await sluice.run();
  expect(await counts()).toMatchObject({ Fresh: 20, Lost: 5 });
  expect(await read(jobId)).toMatchObject({ state: "done", total: 20, changed: 20, undoUntil: expect.any(String) });
  // Somebody changes one of them meanwhile.
  await setStatus(ids.slice(0, 1), "Customer");
  const undoId = await undo(jobId);
  expect(await read(undoId)).toMatchObject({ state: "done", changed: 19, skipped: 1 });
  expect(await counts()).toMatchObject({ New: 13, " nÉw ": 6, Customer: 1, Lost: 5 });
  expect(await names()).toContain("New");
  expect(await names()).not.toContain("Fresh");
});

test("a removed status comes back in its place, as the default that it was, with its contacts", async () => {
  await setStatus(await buildContacts(db.owner, workspaceId, 7), "New");
  const before = await listLeadStatuses(db.owner, { workspaceId });
  const jobId = await remove("New", "none");
  await sluice.run();
  expect(await names()).not.toContain("New");
  expect(await counts()).toEqual({ null: 7 });
  await undo(jobId);
  expect(await counts()).toEqual({ New: 7 });
  const withoutIds = (list: typeof before) => list.map(({ id: _, ...status }) => status);
  expect(withoutIds(await listLeadStatuses(db.owner, { workspaceId }))).toEqual(withoutIds(before));
});

test("the contacts of a removed status get another one, and those of a value outside the list too", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 6);
  await setStatus(ids.slice(0, 3), "New");
  await setStatus(ids.slice(3), "weird");
  await remove("New", await idOf("Customer"));
  await replace({ type: "map", value: "WEIRD", replacement: await idOf("Lost") });
  await sluice.run();
  expect(await counts()).toEqual({ Customer: 3, Lost: 3 });
});

test("two renames, one after the other before the first has run, end at the last name", async () => {
  await setStatus(await buildContacts(db.owner, workspaceId, 15), "New");
  await rename("New", "Fresh");
  await rename("Fresh", "Brand new");
  await sluice.run();
  expect(await counts()).toEqual({ "Brand new": 15 });
});

test("a change to the old name that was asked for before the rename ends at the new one", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 15);
  await setStatus(ids.slice(0, 1), "New");
  await sluice.engine.createBulkJob({
    workspaceId,
    jobId: randomUUID(),
    selection: { type: "ids", ids },
    action: { type: "change_status", leadStatus: "New" },
    isAdmin: true,
    actor,
  });
  await rename("New", "Fresh");
  await sluice.run();
  expect(await counts()).toEqual({ Fresh: 15 });
});

describe("a saved launch goes on choosing whom it chose:", () => {
  const leadTest = (operator: string, value: unknown, field = "lead_status") => ({ field, operator, value });
  async function launched(...tests: object[]): Promise<() => Promise<unknown>> {
    const flow_id = await buildFlow(db.owner, workspaceId, chain(node("start"), node("end")));
    const terms = JSON.stringify({ filter: { tests }, condition: { tests: [{ all: tests }] } });
    const { id } = await db.owner
      .insertInto("saved_launches")
      .values({ workspace_id: workspaceId, flow_id, name: "Spring", terms })
      .returning("id")
      .executeTakeFirstOrThrow();
    return async () => {
      const found = await db.owner.selectFrom("saved_launches").select("terms").where("id", "=", id).executeTakeFirstOrThrow();
      const read = found.terms as { filter: { tests: unknown }; condition: { tests: [{ all: unknown }] } };
      expect(read.condition.tests[0].all).toEqual(read.filter.tests);
      return read.filter.tests;
    };
  }

  test("by the new name as well, while contacts still change over", async () => {
    const other = [leadTest("contains", "New"), leadTest("is", "New", "company"), { field: "lead_status", operator: "is_empty" }];
    const terms = await launched(leadTest("is_not", "new"), leadTest("is", "New"), leadTest("not_in", ["Won", "New"]), ...other);
    await rename("New", "Fresh");
    expect(await terms()).toMatchObject([
      leadTest("not_in", ["new", "Fresh"]),
      leadTest("in", ["New", "Fresh"]),
      leadTest("not_in", ["Won", "New", "Fresh"]),
      ...other,
    ]);
  });

  test("whom it left out stays out where they get the status of others, and nobody comes in by that", async () => {
    const terms = await launched(leadTest("is_not", "New"), leadTest("is", "New"), leadTest("in", ["New"]));
    await remove("New", await idOf("Contacted"));
    expect(await terms()).toEqual([leadTest("not_in", ["New", "Contacted"]), leadTest("is", "New"), leadTest("in", ["New"])]);
  });
});

test("the same request again is the same job", async () => {
  await setStatus(await buildContacts(db.owner, workspaceId, 3), "New");
  const change = { type: "rename" as const, statusId: await idOf("New"), name: "Fresh" };
  const id = randomUUID();
  const answers = [await replace(change, id), await replace(change, id)];
  expect(answers.map(({ jobId }) => jobId)).toEqual([id, id]);
});

const killPoints: BreakPoint[] = ["bulk-job-created", "bulk-job-frozen", "bulk-pass-written", "bulk-pass-committed"];
test.each(killPoints)("a process that is killed at %s leaves no contact behind with the old name", async (point) => {
  await setStatus(await buildContacts(db.owner, workspaceId, 25), "New");
  onBreakPoint((name) => {
    if (name === point) throw new SimulatedCrash();
  });
  const pressed = rename("New", "Fresh");
  if (point === "bulk-job-created") await expect(pressed).rejects.toThrow(SimulatedCrash);
  else {
    await pressed;
    await expect(sluice.run()).rejects.toThrow(SimulatedCrash);
  }
  onBreakPoint(undefined);
  await freeTheDead(db.owner, sluice);
  await sluice.run();
  expect(await counts()).toEqual({ Fresh: 25 });
  expect(await names()).toContain("Fresh");
});
