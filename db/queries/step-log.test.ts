import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asMember } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";
import { BadCursor } from "./page-cursor.ts";
import { listStepLog } from "./step-log.ts";

const member = { userId: "01890000-0000-7000-8000-000000000001", write: false };
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

type Query = Partial<Parameters<typeof listStepLog>[1]>;
const list = (query: Query) =>
  asMember(db.api, member, (tx) => listStepLog(tx, { workspaceId: "ours", labelOfType: () => undefined, limit: 50, ...query }));
const idsOf = async (query: Query) => (await list(query)).items.map(({ id }) => id);

describe("the log of steps", () => {
  test("shows nothing of another workspace, whoever is named", async () => {
    const flowId = await theirs.flow();
    const send = await theirs.send(flowId);
    await theirs.step(await theirs.execution(send));
    for (const query of [{ flowId }, { sendId: send.id }, {}, { workspaceId: "theirs" }]) expect(await idsOf(query)).toEqual([]);
  });

  test("refuses a cursor of another list", async () => {
    const cursor = Buffer.from('["executions",1,"01890000-0000-7000-8000-000000000001"]').toString("base64url");
    await expect(list({ cursor })).rejects.toThrow(BadCursor);
  });

  test("says of each step whose it was and what became of it", async () => {
    const flowId = await ours.flow({ name: "Told" });
    const send = await ours.send(flowId, { is_test: true });
    const id = await ours.execution(send, { contactId: await ours.contact({ name: "Grace Hopper" }) });
    const times = { started_at: "2026-03-01T10:00:00Z", completed_at: "2026-03-01T10:00:02.5Z" };
    const step = await ours.step(id, { visit: 1, status: "skipped", exit: "failed", reason: "no_phone", ...times });
    await ours.message({ flow_execution_id: id, send_id: send.id, visit: 1, provider_message_id: "SM1" });
    expect((await list({ flowId })).items).toMatchObject([
      { id: step, executionId: id, flowName: "Told", contactName: "Grace Hopper", isTest: true, nodeLabel: "Say hello", duration: 2500 },
    ]);
    expect((await list({ flowId })).items[0]).toMatchObject({
      status: "skipped",
      exit: "failed",
      reason: "no_phone",
      providerMessageId: "SM1",
    });
  });

  test("pages hold each step once, newest first, though many share a moment", async () => {
    const flowId = await ours.flow();
    const execution = await ours.execution(await ours.send(flowId));
    const made: string[] = [];
    for (let count = 0; count < 13; count += 1) {
      made.push(await ours.step(execution, { created_at: count < 6 ? "2026-03-01T10:00:00.123456Z" : "2026-03-01T10:00:00.123457Z" }));
    }
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ flowId, limit: 4, cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(ids).toHaveLength(13);
    expect(new Set(ids.slice(0, 7))).toEqual(new Set(made.slice(6)));
    expect(new Set(ids)).toEqual(new Set(made));
  });

  test("filters hold together", async () => {
    const flowId = await ours.flow();
    const [one, two] = [await ours.version(flowId), await ours.version(flowId, [{ id: "start", type: "start", data: {} }])];
    const [old, late] = [await ours.send(flowId, { versionId: one }), await ours.send(flowId, { versionId: two })];
    const contactId = await ours.contact({ firstname: "Zuleikha" });
    const [a, b] = [await ours.execution(old, { contactId }), await ours.execution(late)];
    const first = await ours.step(a, { created_at: "2026-05-01T10:00:00Z" });
    const second = await ours.step(a, { created_at: "2026-05-02T10:00:00Z", status: "failed", reason: "no_provider" });
    const third = await ours.step(b, { created_at: "2026-05-03T10:00:00Z", status: "failed", node_id: "ask" });
    expect(await idsOf({ flowId })).toEqual([third, second, first]);
    expect(await idsOf({ flowId, sendId: old.id })).toEqual([second, first]);
    expect(await idsOf({ flowId, versionId: two })).toEqual([third]);
    expect(await idsOf({ flowId, status: ["failed", "waiting"] })).toEqual([third, second]);
    expect(await idsOf({ flowId, status: ["failed"], nodeId: "ask" })).toEqual([third]);
    expect(await idsOf({ flowId, reason: "no_provider" })).toEqual([second]);
    expect(await idsOf({ flowId, contactId })).toEqual([second, first]);
    expect(await idsOf({ flowId, search: "zuleikha", status: ["completed"] })).toEqual([first]);
    expect(await idsOf({ flowId, from: "2026-05-02T10:00:00Z", to: "2026-05-03T10:00:00Z" })).toEqual([second]);
  });
});
