import { sql } from "kysely";
import { expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";

setUpTestDb();

const queue = (job: object) =>
  sql`insert into private.inline_jobs (job, priority, run_at) values (${JSON.stringify(job)}::jsonb, 0, now())`.execute(db.owner);
const statusesOf = async (sendId: string) => {
  const rows = await db.owner.selectFrom("flow_executions").select("status").where("send_id", "=", sendId).execute();
  return rows.map(({ status }) => status);
};

async function sleepers() {
  const workspaceId = await buildWorkspace(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, 2);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(600), sms()));
  const engine = await startTestEngine(db.owner);
  const { sendId } = await engine.engine.createSend(sendTo(workspaceId, flowId, ids));
  await engine.run();
  return { workspaceId, sendId, engine };
}

test("a job that an earlier version queued under a former name is done", async () => {
  const { workspaceId, sendId, engine } = await sleepers();
  await engine.engine.stopSend({ workspaceId, sendId, actor: { id: null, name: "Test" } });
  await sql`delete from private.inline_jobs`.execute(db.owner);
  await queue({ kind: "settle", sendId, from: 0, priority: 10 });
  await engine.run();
  expect(await statusesOf(sendId)).toEqual(["cancelled", "cancelled"]);
});

test("a job of an unknown kind is dropped and never run as a cancel", async () => {
  const { sendId, engine } = await sleepers();
  const [execution] = await db.owner.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).execute();
  await queue({ kind: "of a later version", executionId: execution?.id, priority: 10 });
  await engine.run();
  expect(await statusesOf(sendId)).toEqual(["running", "running"]);
  const { rows } = await sql`select from private.inline_jobs`.execute(db.owner);
  expect(rows).toEqual([]);
});
