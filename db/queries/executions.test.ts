import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asMember } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";
import { findExecution, listExecutions } from "./executions.ts";
import { BadCursor } from "./page-cursor.ts";

const member = { userId: "01890000-0000-7000-8000-000000000001", write: false };
const labelOfType = (type: string) => ({ start: "Start", end: "End" })[type];

let db: TestDb;
let ours: HistorySeed;
let theirs: HistorySeed;
beforeAll(async () => {
  db = await createTestDb();
  await sql`insert into workspaces (id, name) values ('ours', 'Ours'), ('theirs', 'Theirs')`.execute(db.owner);
  await sql`insert into workspace_members (workspace_id, user_id, role) values ('ours', ${member.userId}, 'viewer')`.execute(db.owner);
  ours = await seedHistory(db.owner, "ours");
  theirs = await seedHistory(db.owner, "theirs");
});
afterAll(() => db.drop());

const words = { labelOfType, linkRun: (id: string) => `https://runs.test/${id}` };
type Query = Partial<Parameters<typeof listExecutions>[1]>;
const list = (query: Query) => asMember(db.api, member, (tx) => listExecutions(tx, { workspaceId: "ours", ...words, limit: 50, ...query }));
/** How many rows of executions, and entries of their indexes, a page is made of. */
const readBy = (query: Query) =>
  asMember(db.api, member, async (tx) => {
    await listExecutions(tx, { workspaceId: "ours", ...words, limit: 50, ...query });
    const { rows } = await sql<{ read: number }>`
      select coalesce(sum(seq_tup_read), 0)::int + coalesce((
        select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid = 'flow_executions'::regclass
      ), 0)::int as read from pg_stat_xact_user_tables where relname = 'flow_executions'`.execute(tx);
    return rows[0]?.read ?? 0;
  });
const idsOf = async (query: Query) => (await list(query)).items.map(({ id }) => id);

async function allPages(query: Query, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...query, limit, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return ids;
}

describe("nothing is shown", () => {
  test("of another workspace, by any way of asking", async () => {
    const send = await theirs.send(await theirs.flow());
    const contactId = await theirs.contact({ firstname: "Theirson" });
    const id = await theirs.execution(send, { contactId });
    const { rows } = await sql<{ flow_id: string }>`select flow_id from flow_sends where id = ${send.id}`.execute(db.owner);
    for (const query of [{ flowId: rows[0]?.flow_id }, { sendId: send.id }, { contactId }, { ids: [id] }, { search: "Theirson" }]) {
      expect(await idsOf(query)).toEqual([]);
    }
    expect(await asMember(db.api, member, (tx) => findExecution(tx, { workspaceId: "ours", id, ...words }))).toBeUndefined();
    // Nor by naming their workspace: the policies decide, not the query.
    expect(await asMember(db.api, member, (tx) => findExecution(tx, { workspaceId: "theirs", id, ...words }))).toBeUndefined();
  });

  test.each(["nonsense", Buffer.from('["executions",1]').toString("base64url"), Buffer.from('["sends",1,"x"]').toString("base64url")])(
    "for the cursor %s",
    async (cursor) => {
      await expect(list({ cursor })).rejects.toThrow(BadCursor);
    },
  );

  test("for a cursor of another kind of list", async () => {
    const send = await ours.send(await ours.flow());
    for (let count = 0; count < 2; count += 1) await ours.execution(send);
    const { nextCursor } = await list({ sendId: send.id, limit: 1 });
    await expect(list({ flowId: send.id, cursor: nextCursor ?? "" })).rejects.toThrow(BadCursor);
  });
});

describe("pages", () => {
  test("hold each execution once, newest first, though one statement gives many the same moment", async () => {
    const flowId = await ours.flow({ name: "Many" });
    const send = await ours.send(flowId);
    const made: string[] = [];
    for (let count = 0; count < 23; count += 1) {
      made.push(await ours.execution(send, { created_at: count < 12 ? "2026-03-01T10:00:00.123456Z" : "2026-03-01T10:00:00.123457Z" }));
    }
    for (const query of [{ flowId }, { sendId: send.id }]) {
      const ids = await allPages(query, 5);
      expect(new Set(ids)).toEqual(new Set(made));
      expect(ids).toHaveLength(23);
      // The later moment is the later by one microsecond only.
      expect(new Set(ids.slice(0, 11))).toEqual(new Set(made.slice(12)));
    }
  });

  test("do not shift when new executions arrive between two of them", async () => {
    const send = await ours.send(await ours.flow());
    const first = await ours.execution(send, { created_at: "2026-03-01T10:00:00Z" });
    const second = await ours.execution(send, { created_at: "2026-03-01T11:00:00Z" });
    const flowId = (await list({ ids: [first] })).items[0]?.flowId;
    const page = await list({ flowId, limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([second]);
    await ours.execution(send, { created_at: "2026-03-01T12:00:00Z" });
    expect(await idsOf({ flowId, cursor: page.nextCursor ?? "" })).toEqual([first]);
  });

  test("without a flow, contact or send merge all flows, newest first", async () => {
    const made: string[] = [];
    for (const minute of ["01", "02", "03", "04", "05", "06"]) {
      made.push(await ours.execution(await ours.send(await ours.flow()), { created_at: `2030-01-01T00:${minute}:00Z` }));
    }
    const page = await list({ limit: 4 });
    expect(page.items.map(({ id }) => id)).toEqual(made.toReversed().slice(0, 4));
    expect((await list({ limit: 2, cursor: page.nextCursor ?? "" })).items.map(({ id }) => id)).toEqual(made.toReversed().slice(4));
  });
});

describe("filters", () => {
  test("by status find what has it, in a flow, in a send and among all", async () => {
    const flowId = await ours.flow({ name: "Filtered" });
    const send = await ours.send(flowId, { counters: { enrolled: 6, completed: 3, failed: 1, cancelled: 1 } });
    for (let count = 0; count < 3; count += 1) await ours.execution(send, { status: "completed" });
    const failed = await ours.execution(send, { status: "failed" });
    const cancelled = await ours.execution(send, { status: "cancelled" });
    await ours.execution(send, { status: "running" });
    for (const scope of [{ flowId }, { sendId: send.id }]) {
      expect(await idsOf({ ...scope, status: ["failed"] })).toEqual([failed]);
      expect(new Set(await idsOf({ ...scope, status: ["failed", "cancelled"] }))).toEqual(new Set([failed, cancelled]));
      expect(await idsOf({ ...scope, status: ["partial_failure"] })).toEqual([]);
      expect(await allPages({ ...scope, status: ["completed"] }, 2)).toHaveLength(3);
    }
    expect(await idsOf({ status: ["failed"] })).toEqual([failed]);
  });

  test("of those that did not complete follow every change of a status, and come newest first in pages", async () => {
    const flowId = await ours.flow({ name: "Ended otherwise" });
    const send = await ours.send(flowId, { counters: { enrolled: 12, failed: 4, partial_failure: 4, cancelled: 4 } });
    const made: { id: string; status: string }[] = [];
    for (let count = 0; count < 12; count += 1) {
      const status = ["failed", "partial_failure", "cancelled"][count % 3] as string;
      made.push({ id: await ours.execution(send, { status, created_at: "2026-03-01T10:00:00.123456Z" }), status });
    }
    const expected = (...statuses: string[]) => made.filter(({ status }) => statuses.includes(status)).map(({ id }) => id);
    for (const query of [{ flowId }, { sendId: send.id }]) {
      expect((await allPages({ ...query, status: ["failed"] }, 1)).toSorted()).toEqual(expected("failed").toSorted());
      const both = await allPages({ ...query, status: ["failed", "cancelled"] }, 3);
      expect(both).toEqual(expected("failed", "cancelled").toSorted().toReversed());
      expect(await allPages({ ...query, status: ["cancelled", "running"] }, 3)).toHaveLength(4);
    }
    const again = made[0] as { id: string };
    await sql`update flow_executions set status = 'running' where id = ${again.id}::uuid`.execute(db.owner);
    expect(await idsOf({ flowId, status: ["failed"] })).not.toContain(again.id);
    await sql`update flow_executions set status = 'partial_failure' where id = ${again.id}::uuid`.execute(db.owner);
    expect(await idsOf({ flowId, status: ["failed"] })).not.toContain(again.id);
    expect(await idsOf({ flowId, status: ["partial_failure"] })).toContain(again.id);
    await sql`delete from flow_executions where id = ${again.id}::uuid`.execute(db.owner);
    expect(await idsOf({ flowId, status: ["partial_failure"] })).toHaveLength(4);
  });

  test("by part of the contact's name, e-mail or number find its executions", async () => {
    const send = await ours.send(await ours.flow());
    const contactId = await ours.contact({ firstname: "Zuleikha", email: "zz@Example.org", phone: "+14155550123" });
    const id = await ours.execution(send, { contactId });
    await ours.execution(send);
    for (const search of ["zuleikha", "ZULEI", "zz@example", "(415) 555-0123"])
      expect(await idsOf({ sendId: send.id, search })).toEqual([id]);
    expect(await idsOf({ search: "zuleikha" })).toEqual([id]);
    expect(await idsOf({ sendId: send.id, search: "nobody at all" })).toEqual([]);
  });

  test("by a name that thousands have still find all of a flow's", async () => {
    await sql`insert into contacts (workspace_id, firstname, lastname) select 'ours', 'Common', 'Person' || i from generate_series(1, 1500) i`.execute(
      db.owner,
    );
    const send = await ours.send(await ours.flow());
    const wanted = await ours.execution(send, { contactId: await ours.contact({ firstname: "Common" }) });
    await ours.execution(send);
    expect(await idsOf({ sendId: send.id, search: "common" })).toEqual([wanted]);
  });

  test("by a step look at the last visit to it, so that each execution is in one place there", async () => {
    const flowId = await ours.flow({ name: "By step" });
    const send = await ours.send(flowId);
    const at = async (status: string, ...steps: Record<string, unknown>[]) => {
      const id = await ours.execution(send, { status });
      for (const step of steps) await ours.step(id, step);
      return id;
    };
    const waiting = await at("running", { status: "waiting" });
    const passed = await at("completed", { status: "completed", exit: "sent" });
    const skipped = await at("completed", { status: "skipped", exit: "failed", reason: "no_phone" });
    const failed = await at("failed", { status: "failed" });
    // A retry: what failed at first has passed since.
    const mended = await at("completed", { status: "failed", is_retried: true }, { status: "completed", exit: "sent" });
    // A loop: it has passed before and waits there again.
    const again = await at("running", { status: "completed", exit: "sent" }, { status: "waiting" });
    // A second try of the same visit.
    const twice = await at("failed", { visit: 1, attempt: 1, status: "completed" }, { visit: 1, attempt: 2, status: "failed" });
    await at("running");
    const found = async (query: Query) => new Set(await idsOf(query));
    for (const scope of [{ flowId }, { sendId: send.id }]) {
      expect(await found({ ...scope, nodeId: "hello" })).toEqual(new Set([waiting, again]));
      expect(await found({ ...scope, passedNodeId: "hello" })).toEqual(new Set([passed, mended]));
      expect(await found({ ...scope, skippedNodeId: "hello" })).toEqual(new Set([skipped]));
      expect(await found({ ...scope, failedNodeId: "hello" })).toEqual(new Set([failed, twice]));
      expect(await found({ ...scope, leftNodeId: "hello", exit: "sent" })).toEqual(new Set([passed, mended]));
      expect(await found({ ...scope, leftNodeId: "hello", exit: "failed" })).toEqual(new Set([skipped]));
      expect(await found({ ...scope, nodeId: "end" })).toEqual(new Set());
      expect((await allPages({ ...scope, passedNodeId: "hello" }, 1)).length).toBe(2);
    }
  });

  test("by reason, version and moment of enrollment hold together", async () => {
    const flowId = await ours.flow({ name: "By the rest" });
    const [one, two] = [await ours.version(flowId), await ours.version(flowId, [{ id: "start", type: "start", data: {} }])];
    const [old, late] = [await ours.send(flowId, { versionId: one }), await ours.send(flowId, { versionId: two })];
    const make = (send: typeof old, day: string, more = {}) => ours.execution(send, { created_at: `2026-04-${day}T10:00:00Z`, ...more });
    const first = await make(old, "01", { status: "failed", more: { ended_reason: "no_provider" } });
    const second = await make(old, "02");
    const third = await make(late, "03", { status: "failed", more: { ended_reason: "no_provider" } });
    await sql`update flow_sends set enrolled = 3, failed = 2 where id = ${old.id}::uuid`.execute(db.owner);
    expect(await idsOf({ flowId, reason: "no_provider" })).toEqual([third, first]);
    expect(await idsOf({ flowId, versionId: one })).toEqual([second, first]);
    expect(await idsOf({ flowId, versionId: one, reason: "no_provider" })).toEqual([first]);
    // From this moment on, and before that one.
    expect(await idsOf({ flowId, from: "2026-04-02T10:00:00Z", to: "2026-04-03T10:00:00Z" })).toEqual([second]);
    expect(await idsOf({ flowId, from: "2026-04-02T00:00:00Z", status: ["failed"] })).toEqual([third]);
    expect(await idsOf({ sendId: old.id, to: "2026-04-02T00:00:00Z" })).toEqual([first]);
    expect(await idsOf({ from: "2026-04-01T00:00:00Z", to: "2026-04-04T00:00:00Z" })).toEqual([third, second, first]);
    expect(await allPages({ flowId, from: "2026-04-01T00:00:00Z", versionId: one }, 1)).toEqual([second, first]);
  });

  test("by ids give exactly those rows as they are now", async () => {
    const send = await ours.send(await ours.flow());
    const [one, two] = [await ours.execution(send), await ours.execution(send)];
    await ours.execution(send);
    expect(new Set(await idsOf({ ids: [one, two] }))).toEqual(new Set([one, two]));
  });
});

describe("an execution says", () => {
  test.each([
    [{ source: "manual", launched_from: "Contacts page" }, "Manual send (Contacts page)"],
    [{ source: "manual", launched_from: null }, "Manual send"],
    [{ source: "bulk", launched_from: "Contacts page" }, "Bulk send (Contacts page)"],
    [{ source: "api", launched_by_name: "Shop" }, "API call (Shop)"],
  ])("why the contact is there: %o", async (more, reason) => {
    const send = await ours.send(await ours.flow(), more);
    const id = await ours.execution(send);
    expect((await list({ ids: [id] })).items[0]).toMatchObject({ reason, source: more.source });
  });

  test("where it is in the words of the version it follows, and by the node's kind where it has no label", async () => {
    const flowId = await ours.flow();
    const version = await ours.version(flowId, [
      { id: "a", type: "send_sms", data: { label: "Say hello" } },
      { id: "b", type: "end", data: {} },
      { id: "c", type: "of_another_age" },
    ]);
    const send = await ours.send(flowId, { versionId: version });
    const labels = [];
    for (const node of ["a", "b", "c", "gone", undefined]) {
      const id = await ours.execution(send, node ? { current_node_id: node } : {});
      labels.push((await list({ ids: [id] })).items[0]?.currentNodeLabel);
    }
    expect(labels).toEqual(["Say hello", "End", "of_another_age", null, null]);
  });

  test("how many of its steps were skipped", async () => {
    const id = await ours.execution(await ours.send(await ours.flow()), { status: "completed" });
    const statuses = ["completed", "skipped", "skipped", "failed"];
    for (const [visit, status] of statuses.entries()) {
      await sql`insert into flow_execution_steps (workspace_id, flow_execution_id, node_id, node_type, visit, status)
        values ('ours', ${id}::uuid, 'n', 'delay', ${visit + 1}, ${status})`.execute(db.owner);
    }
    expect((await list({ ids: [id] })).items[0]).toMatchObject({ id, skippedSteps: 2 });
  });

  test("nothing of a contact that was deleted, and stays", async () => {
    const id = await ours.execution(await ours.send(await ours.flow()), { contactId: null });
    expect((await list({ ids: [id] })).items[0]).toMatchObject({ contactId: null, contactName: null });
  });

  test("what it can where the version's graph is damaged", async () => {
    const flowId = await ours.flow();
    const send = await ours.send(flowId, { versionId: await ours.version(flowId, { not: "a list" }) });
    const id = await ours.execution(send, { current_node_id: "a" });
    expect((await list({ ids: [id] })).items[0]).toMatchObject({ id, currentNodeId: "a", currentNodeLabel: null });
  });

  test("all the rest: waiting, moments, duration, error", async () => {
    expect((await list({})).items[0]?.engineRun).toBeNull();
    const moments = { started_at: "2026-03-01T10:00:00Z", completed_at: "2026-03-01T10:00:02Z", wake_at: "2026-03-02T10:00:00Z" };
    const more = {
      ...moments,
      execution_time: 2000,
      waiting_for: "time",
      ended_reason: "provider_rejected",
      error_message: "550 No",
      engine_run_id: "run_1",
    };
    const send = await ours.send(await ours.flow({ name: "Told" }), { is_test: true });
    const contactId = await ours.contact({ name: "Grace Hopper" });
    const id = await ours.execution(send, { contactId, status: "failed", more });
    expect(await asMember(db.api, member, (tx) => findExecution(tx, { workspaceId: "ours", id, ...words }))).toMatchObject({
      flowName: "Told",
      contactName: "Grace Hopper",
      isTest: true,
      launchedByName: "Ada",
      status: "failed",
      startedAt: "2026-03-01T10:00:00.000Z",
      completedAt: "2026-03-01T10:00:02.000Z",
      wakeAt: "2026-03-02T10:00:00.000Z",
      executionTime: 2000,
      waitingFor: "time",
      endedReason: "provider_rejected",
      errorMessage: "550 No",
      engineRun: { id: "run_1", url: "https://runs.test/run_1" },
    });
  });
});

test("a page of a history of 100,000 reads some thousand rows at most, however it is filtered", async () => {
  const flowId = await ours.flow({ name: "Large" });
  const send = await ours.send(flowId, { counters: { enrolled: 100_000, completed: 99_997, failed: 3 } });
  const contactId = await ours.contact({ firstname: "Needle" });
  // Without asking about each foreign key; what keeps the list of those that failed still does.
  await sql`alter table flow_executions disable trigger all`.execute(db.owner);
  await sql`alter table flow_executions enable trigger flow_executions_uncompleted_insert`.execute(db.owner);
  await sql`
    insert into flow_executions (workspace_id, flow_id, contact_id, send_id, seq, flow_version_id, status, source, created_at)
    select 'ours', ${flowId}::uuid, ${contactId}::uuid, ${send.id}::uuid, 1000000 + i, ${send.versionId}::uuid,
      case when i in (7, 30000, 70000) then 'failed' else 'completed' end, 'bulk', timestamptz '2026-01-01' + (i / 10000) * interval '1 second'
    from generate_series(1, 100000) i`.execute(db.owner);
  await sql`alter table flow_executions enable trigger all`.execute(db.owner);
  await sql`analyze flow_executions`.execute(db.owner);

  const deep = (await list({ flowId, limit: 200 })).nextCursor ?? "";
  const queries: Query[] = [{ flowId }, { sendId: send.id }, {}, { flowId, cursor: deep }, { flowId, status: ["completed"] }];
  for (const query of [
    ...queries,
    { flowId, status: ["cancelled" as const] },
    { flowId, search: "needle" },
    { status: ["failed" as const] },
  ]) {
    expect(await readBy(query), JSON.stringify(query)).toBeLessThan(5_000);
  }
  // The rare ones are all on one page, however many completed between them.
  expect(await idsOf({ flowId, status: ["failed"] })).toHaveLength(3);
});
