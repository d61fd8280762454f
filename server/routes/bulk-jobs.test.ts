import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type Tenant, type TestApp } from "#test/app.ts";
import { buildContacts } from "#test/factories.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let tenant: Tenant;
let viewer: Client;
let editor: Client;
let admin: Client;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(async () => {
  tenant = await app.createTenant("Bulk");
  [viewer, editor, admin] = await Promise.all([tenant.as("viewer"), tenant.as("editor"), tenant.as("admin")]);
});

const everybody = { type: "filter", filter: { tests: [] } };
const toHot = { type: "change_status", leadStatus: "Qualified" };
const people = (count: number) => buildContacts(app.db.owner, tenant.workspaceId, count);
/** So many contacts that their triggers would take most of the test's time. */
const crowd = (count: number) =>
  app.db.owner.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`insert into contacts (workspace_id, firstname, lastname) select ${tenant.workspaceId}, 'Person', n::text from generate_series(1, ${count}::int) n`.execute(
      tx,
    );
  });
const press = (body: Record<string, unknown>, client = editor) =>
  client.post("/api/bulk-jobs", { jobId: randomUUID(), selection: everybody, action: toHot, ...body });
const run = () => app.driver.runUntilIdle();
const left = async () =>
  (await app.db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", tenant.workspaceId).execute()).length;
const statusOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

describe("refused are", () => {
  test.each([
    ["an unknown action", { action: { type: "explode" } }, 400, "invalid_request"],
    ["a status that is only spaces", { action: { type: "change_status", leadStatus: "  " } }, 400, "invalid_request"],
    ["no contacts", { selection: { type: "ids", ids: [] } }, 400, "invalid_request"],
    ["a blank search", { selection: { type: "filter", filter: { search: " ", tests: [] } } }, 400, "invalid_request"],
    ["contacts that are not there", { selection: { type: "ids", ids: [randomUUID()] } }, 422, "nothing_selected"],
    [
      "a filter that matches nobody",
      { selection: { type: "filter", filter: { search: "nobody at all", tests: [] } } },
      422,
      "nothing_selected",
    ],
    ["a status that is not in the list", { action: { type: "change_status", leadStatus: "Qualifyed" } }, 422, "status_not_listed"],
    ["a small deletion with a wrong number", { action: { type: "delete" }, confirm: 3 }, 422, "confirmation_needed"],
    ["a job without an id", { jobId: undefined }, 400, "invalid_request"],
    ["a number that is none", { expectedTotal: -1 }, 400, "invalid_request"],
    ["a wish to start flows", { startFlows: true }, 400, "invalid_request"],
  ])("%s", async (_what, body, status, code) => {
    await people(2);
    expect(statusOf(await press(body))).toEqual([status, code]);
    expect((await viewer.get("/api/bulk-jobs")).body.items).toEqual([]);
  });

  test("people who may only read, and people of another workspace", async () => {
    await people(2);
    expect(statusOf(await press({}, viewer))).toEqual([403, "forbidden"]);
    const { body: job } = await press({});
    const stranger = await app.theirs.as("owner");
    const missing = await stranger.get(`/api/bulk-jobs/${randomUUID()}`);
    for (const path of [`/api/bulk-jobs/${job.id}`, `/api/bulk-jobs/${job.id}/items`, `/api/bulk-jobs/${job.id}/events`]) {
      const answer = await stranger.get(path);
      expect(statusOf(answer)).toEqual([404, "bulk_job_not_found"]);
      expect(answer.body.error).toBe(missing.body.error);
    }
    for (const what of ["cancel", "undo", "confirm"]) {
      const answer = await stranger.post(`/api/bulk-jobs/${job.id}/${what}`, what === "confirm" ? { total: 2 } : undefined);
      expect(statusOf(answer)).toEqual([404, "bulk_job_not_found"]);
    }
    expect((await stranger.get("/api/bulk-jobs")).body.items).toEqual([]);
    // Their contacts are not ours to change, whatever ids are named.
    const ids = (await editor.get("/api/contacts")).body.items.map(({ id }: { id: string }) => id);
    expect(statusOf(await press({ selection: { type: "ids", ids } }, stranger))).toEqual([422, "nothing_selected"]);
  });

  test("a job id that was used for another change", async () => {
    await people(2);
    const jobId = randomUUID();
    await press({ jobId });
    expect(statusOf(await press({ jobId, action: { type: "change_status", leadStatus: "Lost" } }))).toEqual([409, "bulk_job_mismatch"]);
    expect(statusOf(await press({ jobId }, await app.theirs.as("owner")))).toEqual([409, "bulk_job_mismatch"]);
  });
});

describe("a deletion of more than 100 contacts", () => {
  const deletion = (more: Record<string, unknown>, client = editor) => press({ action: { type: "delete" }, ...more }, client);

  test.each([
    ["without the number", {}],
    ["with another number", { confirm: 100 }],
    ["with one less, which is within a percent", { confirm: 100, expectedTotal: 101 }],
    ["with two numbers of which one is wrong", { confirm: 101, expectedTotal: 99 }],
    ["with the number shown, which is another", { expectedTotal: 102 }],
  ])("is refused %s", async (_what, more) => {
    await people(101);
    expect(statusOf(await deletion(more))).toEqual([422, "confirmation_needed"]);
    const ids = (await app.db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", tenant.workspaceId).execute()).map(
      ({ id }) => id,
    );
    expect(statusOf(await deletion({ selection: { type: "ids", ids }, ...more }))).toEqual([422, "confirmation_needed"]);
    await run();
    expect(await left()).toBe(101);
  });

  test("is refused to an editor above 10,000, whatever was typed, and is not to an admin", async () => {
    await crowd(10_001);
    expect(statusOf(await deletion({ confirm: 10_001 }))).toEqual([403, "forbidden"]);
    const accepted = await deletion({ confirm: 10_001 }, admin);
    expect(accepted.status).toBe(202);
    await admin.post(`/api/bulk-jobs/${accepted.body.id}/cancel`);
  });

  test("that grows above 10,000 after an editor pressed deletes nobody", async () => {
    await crowd(10_000);
    const { body, status } = await deletion({ confirm: 10_000 });
    expect(status).toBe(202);
    await app.db.owner.updateTable("bulk_jobs").set({ most: 9_999 }).where("id", "=", body.id).execute();
    await run();
    const job = (await viewer.get(`/api/bulk-jobs/${body.id}`)).body;
    expect(job).toMatchObject({ state: "failed", changed: 0, errorMessage: expect.stringContaining("only an admin") });
    expect(await left()).toBe(10_000);
  });
});

test("a job is accepted at once, runs on the worker, and lists what became of each contact", async () => {
  const ids = await people(30);
  await app.db.owner.updateTable("contacts").set({ lead_status: "Qualified" }).where("id", "in", ids.slice(0, 12)).execute();
  const accepted = await press({ expectedTotal: 30 });
  expect([accepted.status, accepted.body]).toEqual([
    202,
    expect.objectContaining({
      state: "freezing",
      total: null,
      left: null,
      expectedTotal: 30,
      createdByName: expect.any(String),
      undoUntil: null,
    }),
  ]);
  expect((await viewer.get("/api/bulk-jobs?active=true")).body.items).toHaveLength(1);
  await run();
  const { id } = accepted.body;
  expect((await viewer.get(`/api/bulk-jobs/${id}`)).body).toMatchObject({ state: "done", total: 30, changed: 18, same: 12, left: 0 });
  expect((await viewer.get("/api/bulk-jobs?active=true")).body.items).toEqual([]);

  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: { items: { contactId: string; outcome: string }[]; nextCursor: string | null } = (
      await viewer.get(`/api/bulk-jobs/${id}/items?limit=7&outcome=same${cursor && `&cursor=${cursor}`}`)
    ).body;
    seen.push(...page.items.map(({ contactId }) => contactId));
    expect(page.items.every(({ outcome }) => outcome === "same")).toBe(true);
    cursor = page.nextCursor;
  }
  expect(seen.toSorted()).toEqual(ids.slice(0, 12).toSorted());
  expect(statusOf(await viewer.get(`/api/bulk-jobs/${id}/items?cursor=nonsense`))).toEqual([400, "invalid_request"]);
});

test("ten posts of one press at once are one job, and all are answered with it", async () => {
  await people(12);
  const jobId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 10 }, () => press({ jobId })));
  expect(answers.map(({ status, body }) => [status, body.id])).toEqual(Array(10).fill([202, jobId]));
  await run();
  expect((await viewer.get("/api/bulk-jobs")).body.items).toHaveLength(1);
  expect((await viewer.get(`/api/bulk-jobs/${jobId}`)).body).toMatchObject({ state: "done", changed: 12 });
  // A repeat after the end answers with the job as it is now.
  expect((await press({ jobId })).body).toMatchObject({ state: "done", changed: 12 });
});

test("a status that is not in the list is given where the request says that it is meant", async () => {
  await people(2);
  const { status, body } = await press({ action: { type: "change_status", leadStatus: "On our own" }, evenIfUnlisted: true });
  expect([status, body.action]).toEqual([202, { type: "change_status", leadStatus: "On our own" }]);
});

test("an undo is a job of its own, pressed twice it is one, and the first job says so", async () => {
  await people(5);
  const { body: job } = await press({});
  expect(statusOf(await editor.post(`/api/bulk-jobs/${job.id}/undo`))).toEqual([409, "bulk_job_running"]);
  await run();
  expect((await viewer.get(`/api/bulk-jobs/${job.id}`)).body.undoUntil).not.toBeNull();
  const [first, second] = await Promise.all([1, 2].map(() => editor.post(`/api/bulk-jobs/${job.id}/undo`)));
  expect([first?.status, second?.status, second?.body.id]).toEqual([202, 202, first?.body.id]);
  await run();
  expect((await viewer.get(`/api/bulk-jobs/${first?.body.id}`)).body).toMatchObject({
    state: "done",
    undoOf: job.id,
    changed: 5,
    undoUntil: null,
  });
  expect((await viewer.get(`/api/bulk-jobs/${job.id}`)).body).toMatchObject({ undoneBy: first?.body.id, undoUntil: null });
});

test("the progress of a job is streamed until it is over", async () => {
  await people(5);
  const { body: job } = await press({});
  const stream = await viewer.fetch(`/api/bulk-jobs/${job.id}/events`);
  const reading = stream.text();
  await run();
  const events = (await reading).split("\n").filter((line) => line.startsWith("data: "));
  expect(JSON.parse((events.at(-1) as string).slice(6))).toMatchObject({ id: job.id, state: "done", changed: 5 });
});

test("a deletion is undone by a job, and its results say who lies in the bin meanwhile", async () => {
  await people(120);
  const { body: job } = await press({ action: { type: "delete" }, expectedTotal: 120, confirm: 120 });
  await run();
  const itemsOf = async (id: string) => (await viewer.get(`/api/bulk-jobs/${id}/items?limit=200`)).body.items;
  const binned = await itemsOf(job.id);
  expect(binned).toHaveLength(120);
  expect(new Set(binned.map((item: { outcome: string; inBin: boolean }) => `${item.outcome} ${item.inBin}`))).toEqual(
    new Set(["changed true"]),
  );
  expect(binned.every((item: { displayName: string | null }) => item.displayName !== null)).toBe(true);
  expect((await viewer.get("/api/contacts/count")).body.total).toBe(0);
  const { body: undo } = await editor.post(`/api/bulk-jobs/${job.id}/undo`);
  await run();
  expect((await viewer.get(`/api/bulk-jobs/${undo.id}`)).body).toMatchObject({ state: "done", changed: 120 });
  expect((await itemsOf(undo.id))[0]).toMatchObject({ outcome: "changed", inBin: false });
  expect((await viewer.get("/api/contacts/count")).body.total).toBe(120);
});

test("only ids can be restored, because a filter finds nobody in the bin", async () => {
  await people(1);
  expect(statusOf(await press({ action: { type: "restore" } }))).toEqual([400, "invalid_request"]);
});

test("the audit log says who pressed, and what came of it", async () => {
  await people(3);
  const { body: job } = await press({});
  await run();
  const entries = await app.db.owner
    .selectFrom("audit_log")
    .select(["action", "actor_id", "subject_id", "details"])
    .where("workspace_id", "=", tenant.workspaceId)
    .where("subject_id", "=", job.id)
    .orderBy("created_at")
    .execute();
  const actor_id = await tenant.userId("editor");
  expect(entries).toEqual([
    expect.objectContaining({
      action: "contacts.bulk",
      actor_id,
      details: expect.objectContaining({ action: "change_status", selection: "filter" }),
    }),
    expect.objectContaining({
      action: "contacts.bulk_end",
      actor_id,
      details: expect.objectContaining({ total: 3, changed: 3, skipped: 0 }),
    }),
  ]);
});

describe("the former route", () => {
  test("changes up to 500 contacts before it answers", async () => {
    const ids = await people(500);
    for (const selection of [{ type: "ids", ids }, everybody]) {
      const answer = await editor.post("/api/contacts/bulk", {
        selection,
        action: { type: "change_status", leadStatus: String(selection.type) },
      });
      expect([answer.status, answer.body]).toEqual([200, { success: true, matched: 500, changed: 500 }]);
    }
  });

  test("hands more over to a job, of which a repeat with the same key makes no second", async () => {
    const ids = await people(501);
    const byKey = editor.with({ "idempotency-key": randomUUID() });
    const ask = () => byKey.post("/api/contacts/bulk", { selection: { type: "ids", ids }, action: toHot });
    const answer = await ask();
    expect([answer.status, answer.body]).toEqual([202, { success: true, job: expect.objectContaining({ state: "freezing" }) }]);
    expect((await ask()).body.job.id).toBe(answer.body.job.id);
    await run();
    expect((await viewer.get(`/api/bulk-jobs/${answer.body.job.id}`)).body).toMatchObject({ state: "done", total: 501, changed: 501 });
    expect((await viewer.get("/api/bulk-jobs")).body.items).toHaveLength(1);
  });

  test("refuses a number that is wrong, and deletes more than 100 only with theirs; then they lie in the bin", async () => {
    const ids = await people(120);
    const ask = (count: number, more = {}) =>
      editor.post("/api/contacts/bulk", { selection: { type: "ids", ids: ids.slice(0, count) }, action: { type: "delete" }, ...more });
    for (const [count, more] of [
      [3, { confirm: 4 }],
      [120, {}],
      [120, { confirm: 100 }],
      [120, { expectedTotal: 119 }],
    ] as const)
      expect(statusOf(await ask(count, more))).toEqual([422, "confirmation_needed"]);
    const status = { selection: { type: "ids", ids }, action: toHot, confirm: 119 };
    expect(statusOf(await editor.post("/api/contacts/bulk", status))).toEqual([422, "confirmation_needed"]);
    expect((await viewer.get("/api/contacts/count")).body.total).toBe(120);
    expect((await ask(120, { confirm: 120 })).body).toEqual({ success: true, matched: 120, changed: 120 });
    expect((await viewer.get("/api/contacts/count")).body.total).toBe(0);
    expect((await viewer.get("/api/bin")).body.total).toBe(120);
  });

  test("deletes many only with their number", async () => {
    await people(501);
    const ask = (more = {}) => editor.post("/api/contacts/bulk", { selection: everybody, action: { type: "delete" }, ...more });
    expect(statusOf(await ask())).toEqual([422, "confirmation_needed"]);
    expect((await ask({ confirm: 501 })).status).toBe(202);
    await sql`update bulk_jobs set state = 'cancelled' where workspace_id = ${tenant.workspaceId}`.execute(app.db.owner);
  });
});
