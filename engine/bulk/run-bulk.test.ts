import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ContactFilter } from "#contract/contacts.ts";
import { findBulkJob, listBulkJobItems } from "#db/queries/bulk-jobs.ts";
import { freeTheDead, startTestEngine } from "#test/engine.ts";
import { changeWorkspace, db, restartEngine, setUpWorkspace, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts } from "#test/factories.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import type { CreateBulkJobInput } from "../bulk-api.ts";
import { requeueLostBulkJobs } from "../schedule/dead-workers.ts";

setUpWorkspace();
beforeEach(() => restartEngine({ workSizes: { bulkPass: 10 } }));

/** The counts of every job add up, and are the counts of its items. */
afterEach(async () => {
  const { rows } = await sql`
    select j.id from bulk_jobs j
    cross join lateral (
      select count(*) as total, count(*) filter (where outcome = 'changed') as changed, count(*) filter (where outcome = 'same') as same,
        count(*) filter (where outcome = 'skipped') as skipped, count(*) filter (where outcome = 'failed') as failed
      from bulk_job_items where job_id = j.id) i
    where j.total is not null and (j.total <> i.total or j.changed <> i.changed or j.same <> i.same or j.skipped <> i.skipped
      or j.failed <> i.failed or j.changed + j.same + j.skipped + j.failed > j.total
      or j.state = 'done' and j.changed + j.same + j.skipped + j.failed <> j.total)`.execute(db.owner);
  expect(rows).toEqual([]);
});

const actor = { id: randomUUID(), name: "Nina" };
const matching = (tests: ContactFilter["tests"] = []) => ({ type: "filter" as const, filter: { tests }, excluded: [] });
const toStatus = (leadStatus: string, more: Partial<CreateBulkJobInput> = {}): CreateBulkJobInput => ({
  workspaceId,
  jobId: randomUUID(),
  selection: matching(),
  action: { type: "change_status", leadStatus },
  isAdmin: true,
  actor,
  ...more,
});
async function press(input: CreateBulkJobInput): Promise<string> {
  await sluice.engine.createBulkJob(input);
  return input.jobId;
}
const read = (id: string) => findBulkJob(db.owner, { workspaceId, id });
const items = async (id: string) => (await listBulkJobItems(db.owner, { workspaceId, id, limit: 1_000 })).items;
const statuses = async () => {
  const rows = await db.owner.selectFrom("contacts").select("lead_status").where("workspace_id", "=", workspaceId).execute();
  return Object.fromEntries([...Map.groupBy(rows, ({ lead_status }) => String(lead_status))].map(([name, of]) => [name, of.length]));
};
const setStatus = (ids: string[], status: string | null) =>
  db.owner.updateTable("contacts").set({ lead_status: status }).where("id", "in", ids).execute();
function holdUntil() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { release: promise, letGo: resolve };
}
/** The worker is killed at the nth passing of a point; another one then takes over what it held. */
async function killAt(point: BreakPoint, nth = 1): Promise<void> {
  let passed = 0;
  onBreakPoint((name) => {
    if (name !== point) return;
    passed += 1;
    if (passed === nth) throw new SimulatedCrash();
  });
  await expect(sluice.run()).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await freeTheDead(db.owner, sluice);
}

test("a job id that made another change, or a change in another workspace, is refused", async () => {
  await buildContacts(db.owner, workspaceId, 3);
  const first = toStatus("Hot");
  await press(first);
  const other = { ...first, action: { type: "change_status" as const, leadStatus: "Cold" } };
  await expect(press(other)).rejects.toMatchObject({ code: "bulk_job_mismatch" });
  await changeWorkspace();
  await buildContacts(db.owner, workspaceId, 3);
  await expect(press({ ...first, workspaceId })).rejects.toMatchObject({ code: "bulk_job_mismatch" });
});

test("ids that name no contact of the workspace are refused, and make no job", async () => {
  const theirs = await buildContacts(db.owner, workspaceId, 2);
  await changeWorkspace();
  const ids = toStatus("Hot", { selection: { type: "ids", ids: theirs } });
  await expect(press(ids)).rejects.toMatchObject({ code: "nothing_selected" });
  expect(await read(ids.jobId)).toBeUndefined();
});

test("every contact of a filter gets the status, in passes, each with its result", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 25);
  await setStatus(ids.slice(0, 4), "Hot");
  await setStatus(ids.slice(4, 9), "Cold");
  const id = await press(toStatus("Hot", { expectedTotal: 25 }));
  expect(await read(id)).toMatchObject({ state: "freezing", total: null, left: null });
  await sluice.run();
  expect(await read(id)).toMatchObject({ state: "done", total: 25, changed: 21, same: 4, skipped: 0, failed: 0, left: 0 });
  expect(await statuses()).toEqual({ Hot: 25 });
  const results = await items(id);
  expect(results.filter(({ outcome }) => outcome === "same")).toHaveLength(4);
  expect(results.filter(({ before }) => before?.leadStatus === "Cold")).toHaveLength(5);
});

test("contacts that come after the press, or no longer match, do not move the list", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 12);
  await setStatus(ids, "New");
  const id = await press(toStatus("Hot", { selection: matching([{ field: "lead_status", operator: "is", value: "New" }]) }));
  await killAt("bulk-pass-committed", 1);
  await setStatus(ids.slice(11), "Other");
  await buildContacts(db.owner, workspaceId, 5);
  await sluice.run();
  expect(await read(id)).toMatchObject({ state: "done", total: 12, changed: 12 });
  expect(await statuses()).toEqual({ Hot: 12, null: 5 });
});

test("ids that are named twice are one contact, and one that is gone is skipped with the reason", async () => {
  const [one = "", two = "", gone = ""] = await buildContacts(db.owner, workspaceId, 3);
  const id = await press(toStatus("Hot", { selection: { type: "ids", ids: [one, two, one.toUpperCase(), gone] } }));
  await db.owner.deleteFrom("contacts").where("id", "=", gone).execute();
  await sluice.run();
  expect(await read(id)).toMatchObject({ state: "done", total: 3, changed: 2, skipped: 1 });
  expect((await items(id)).find(({ contactId }) => contactId === gone)).toMatchObject({ outcome: "skipped", reason: "contact_deleted" });
});

test("the same press ten times at once is one job", async () => {
  await buildContacts(db.owner, workspaceId, 12);
  const input = toStatus("Hot");
  const answers = await Promise.all(Array.from({ length: 10 }, () => sluice.engine.createBulkJob(input)));
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  await sluice.run();
  expect(await read(input.jobId)).toMatchObject({ state: "done", total: 12, changed: 12, same: 0 });
});

test.each([
  ["bulk-job-frozen", 1],
  ["bulk-pass-written", 1],
  ["bulk-pass-written", 2],
  ["bulk-pass-written", 3],
  ["bulk-pass-committed", 1],
  ["bulk-pass-committed", 2],
  ["bulk-pass-committed", 4],
] as const)("a worker killed at %s (%i) loses nothing and does nothing twice", async (point, nth) => {
  const ids = await buildContacts(db.owner, workspaceId, 25);
  await setStatus(ids.slice(0, 5), "Hot");
  await setStatus(ids.slice(5), "Cold");
  const id = await press(toStatus("Hot"));
  await killAt(point, nth);
  // What is committed adds up at any moment.
  const halfway = await read(id);
  if (halfway?.total) expect(halfway.changed + halfway.same + (halfway.left ?? 0)).toBe(25);
  await sluice.run();
  expect(await read(id)).toMatchObject({ state: "done", total: 25, changed: 20, same: 5, left: 0 });
  expect((await items(id)).filter(({ before }) => before?.leadStatus === "Cold")).toHaveLength(20);
});

test("a job whose pass was lost goes on by itself", async () => {
  await buildContacts(db.owner, workspaceId, 25);
  const id = await press(toStatus("Hot"));
  await sql`delete from private.inline_jobs`.execute(db.owner);
  await sluice.run();
  expect(await read(id)).toMatchObject({ state: "freezing" });
  sluice.driver.clock.forward(11_000);
  await requeueLostBulkJobs({ db: db.owner, driver: sluice.driver });
  await sluice.run();
  expect(await read(id)).toMatchObject({ state: "done", changed: 25 });
});

test("two workers change the contacts of one workspace one pass after the other", async () => {
  await buildContacts(db.owner, workspaceId, 60);
  const other = await startTestEngine(db.owner, { workSizes: { bulkPass: 10 } });
  const id = await press(toStatus("Hot"));
  const second = await press(toStatus("Cold"));
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.all([sluice.wait(1), other.wait(1)]);
  }
  expect(await read(id)).toMatchObject({ state: "done", changed: 60 });
  expect(await read(second)).toMatchObject({ state: "done", changed: 60 });
  expect(await statuses()).toEqual({ Cold: 60 });
});

test("of two changes the later one stays, also while the first still runs", async () => {
  await buildContacts(db.owner, workspaceId, 35);
  const first = await press(toStatus("First"));
  await killAt("bulk-pass-committed", 3);
  const second = await press(toStatus("Second"));
  await sluice.run();
  expect(await read(first)).toMatchObject({ state: "done", changed: 35 });
  expect(await read(second)).toMatchObject({ state: "done", changed: 35 });
  expect(await statuses()).toEqual({ Second: 35 });
});

test("sends go first", async () => {
  const { rows } = await sql<{ priority: number }>`select priority from private.inline_jobs`.execute(db.owner);
  expect(rows).toEqual([]);
  await buildContacts(db.owner, workspaceId, 1);
  await press(toStatus("Hot"));
  const jobs = await sql<{ priority: number }>`select priority from private.inline_jobs`.execute(db.owner);
  expect(jobs.rows[0]?.priority).toBeGreaterThan(20);
  await sluice.run();
});

test("a contact that the database refuses fails alone, with a reason", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 25);
  const [bad = ""] = ids.toSorted().slice(13);
  await sql`alter table contacts add constraint no_hot check (id <> ${sql.lit(bad)} or lead_status is distinct from 'Hot')`.execute(
    db.owner,
  );
  try {
    const id = await press(toStatus("Hot"));
    for (let tries = 0; tries < 6; tries += 1) await sluice.wait(10);
    expect(await read(id)).toMatchObject({ state: "done", total: 25, changed: 24, failed: 1 });
    expect((await items(id)).find(({ contactId }) => contactId === bad)).toMatchObject({
      outcome: "failed",
      reason: "error",
      before: null,
    });
  } finally {
    await sql`alter table contacts drop constraint no_hot`.execute(db.owner);
  }
});

test.each([
  [100, 101, "done"],
  [100, 99, "done"],
  [100, 102, "asks"],
  [100, 98, "asks"],
  [10, 11, "asks"],
] as const)("shown %i and found %i: the job is %s", async (shown, found, state) => {
  await buildContacts(db.owner, workspaceId, found);
  const id = await press(toStatus("Hot", { expectedTotal: shown }));
  await sluice.run();
  expect(await read(id)).toMatchObject({ state, total: found, expectedTotal: shown });
  if (state === "asks") expect(await statuses()).toEqual({ null: found });
});

test("a job that asks goes on with the number that is confirmed and with no other", async () => {
  await buildContacts(db.owner, workspaceId, 20);
  const jobId = await press(toStatus("Hot", { expectedTotal: 10 }));
  await sluice.run();
  await expect(sluice.engine.confirmBulkJob({ workspaceId, jobId, total: 10 })).rejects.toMatchObject({ code: "total_changed" });
  await sluice.engine.confirmBulkJob({ workspaceId, jobId, total: 20 });
  await sluice.engine.confirmBulkJob({ workspaceId, jobId, total: 20 });
  await sluice.run();
  expect(await read(jobId)).toMatchObject({ state: "done", changed: 20 });
  await expect(sluice.engine.confirmBulkJob({ workspaceId, jobId, total: 20 })).rejects.toMatchObject({ code: "bulk_job_over" });
});

test("a cancelled job changes nothing more, and what it changed can be undone", async () => {
  await buildContacts(db.owner, workspaceId, 35);
  const jobId = await press(toStatus("Hot"));
  await killAt("bulk-pass-committed", 3);
  await sluice.engine.cancelBulkJob({ workspaceId, jobId });
  await sluice.engine.cancelBulkJob({ workspaceId, jobId });
  await sluice.run();
  expect(await read(jobId)).toMatchObject({ state: "cancelled", total: 35, changed: 20, left: 15 });
  expect(await statuses()).toEqual({ Hot: 20, null: 15 });
  const undo = await sluice.engine.undoBulkJob({ workspaceId, jobId, isAdmin: false, actor });
  await sluice.run();
  expect(await read(undo.jobId)).toMatchObject({ state: "done", total: 20, changed: 20, undoOf: jobId });
  expect(await statuses()).toEqual({ null: 35 });
});

test("a job whose contacts somebody else holds is cancelled at once, and changes nothing when they are let go", async () => {
  await buildContacts(db.owner, workspaceId, 5);
  const jobId = await press(toStatus("Hot"));
  const { release, letGo } = holdUntil();
  const locked = Promise.withResolvers<void>();
  const held = db.owner.transaction().execute(async (tx) => {
    await sql`select from contacts where workspace_id = ${workspaceId} for update`.execute(tx);
    locked.resolve();
    await release;
  });
  await locked.promise;
  const run = sluice.run();
  const waits = async () => {
    const { rows } = await sql`select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.query ~ 'bulk_job_items'
      and a.datname = current_database()`.execute(db.owner);
    return rows.length;
  };
  await expect.poll(waits).toBeGreaterThan(0);
  await sluice.engine.cancelBulkJob({ workspaceId, jobId });
  letGo();
  await Promise.all([held, run]);
  expect(await read(jobId)).toMatchObject({ state: "cancelled", total: 5, changed: 0, left: 5 });
  expect(await statuses()).toEqual({ null: 5 });
});

test("what is over cannot be cancelled, what runs cannot be undone, and neither can what changed nothing, an undo, or what is old", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const jobId = await press(toStatus("Hot"));
  const undo = (id: string) => sluice.engine.undoBulkJob({ workspaceId, jobId: id, isAdmin: true, actor });
  await expect(undo(jobId)).rejects.toMatchObject({ code: "bulk_job_running" });
  await sluice.run();
  await expect(sluice.engine.cancelBulkJob({ workspaceId, jobId })).rejects.toMatchObject({ code: "bulk_job_over" });
  const again = await press(toStatus("Hot"));
  await sluice.run();
  expect(await read(again)).toMatchObject({ same: 3, changed: 0, undoUntil: null });
  await expect(undo(again)).rejects.toMatchObject({ code: "undo_over" });
  await expect(undo(randomUUID())).rejects.toMatchObject({ code: "bulk_job_not_found" });
  const elsewhere = { workspaceId: "another", jobId, isAdmin: true, actor };
  await expect(sluice.engine.undoBulkJob(elsewhere)).rejects.toMatchObject({ code: "bulk_job_not_found" });
  const undone = await undo(jobId);
  await sluice.run();
  await expect(undo(undone.jobId)).rejects.toMatchObject({ code: "undo_over" });

  const old = await press(toStatus("Old", { selection: { type: "ids", ids } }));
  await sluice.run();
  await sql`update bulk_jobs set created_at = now() - interval '31 days' where id = ${old}::uuid`.execute(db.owner);
  expect(await read(old)).toMatchObject({ undoUntil: null });
  await expect(undo(old)).rejects.toMatchObject({ code: "undo_over" });
});

test("an undo gives back what each contact had, and leaves what was changed since", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 20);
  await setStatus(ids.slice(0, 5), "Cold");
  await setStatus(ids.slice(5, 8), "Hot");
  const jobId = await press(toStatus("Hot"));
  await sluice.run();
  // One was changed by hand, one got its old value by hand, one is gone.
  await setStatus(ids.slice(0, 1), "Won");
  await setStatus(ids.slice(1, 2), "Cold");
  await db.owner
    .deleteFrom("contacts")
    .where("id", "=", ids[2] as string)
    .execute();
  const undos = await Promise.all(
    Array.from({ length: 5 }, () => sluice.engine.undoBulkJob({ workspaceId, jobId, isAdmin: false, actor })),
  );
  expect(new Set(undos.map((one) => one.jobId)).size).toBe(1);
  const undoId = undos[0]?.jobId as string;
  await sluice.run();
  expect(await read(undoId)).toMatchObject({ state: "done", total: 17, changed: 14, same: 1, skipped: 2 });
  expect(
    (await items(undoId))
      .filter(({ reason }) => reason !== null)
      .map(({ reason }) => reason)
      .toSorted(),
  ).toEqual(["changed_since", "contact_deleted"]);
  expect(await statuses()).toEqual({ Won: 1, Cold: 3, Hot: 3, null: 12 });
  expect(await read(jobId)).toMatchObject({ undoneBy: undoId, undoUntil: null });
});

test("an undo that is killed in the middle is finished, and one that was cancelled can be pressed again", async () => {
  await buildContacts(db.owner, workspaceId, 35);
  const jobId = await press(toStatus("Hot"));
  await sluice.run();
  const first = await sluice.engine.undoBulkJob({ workspaceId, jobId, isAdmin: false, actor });
  await killAt("bulk-pass-written", 2);
  await killAt("bulk-pass-committed", 1);
  await sluice.engine.cancelBulkJob({ workspaceId, jobId: first.jobId });
  const second = await sluice.engine.undoBulkJob({ workspaceId, jobId, isAdmin: false, actor });
  expect(second.created).toBe(true);
  await sluice.run();
  expect(await statuses()).toEqual({ null: 35 });
  expect(await read(second.jobId)).toMatchObject({ state: "done", total: 35, left: 0 });
});

test("when a job is over, nobody can read from it what was searched for", async () => {
  await buildContact(db.owner, workspaceId, { firstname: "Canary" });
  const id = await press(toStatus("Hot", { selection: { type: "filter", filter: { search: "Canary", tests: [] }, excluded: [] } }));
  await sluice.run();
  const row = await db.owner.selectFrom("bulk_jobs").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  expect(row).toMatchObject({ state: "done", total: 1, selection: null });
});
