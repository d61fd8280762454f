import { sql } from "kysely";
import pino from "pino";
import { expect, test } from "vitest";
import { createDb, type Db } from "#db/client.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint } from "../base/break-point.ts";

setUpTestDb();

test("one execution whose data no statement takes does not keep its chunk from arriving", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, 10);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi"), node("end")));
  const { engine, wait: turn, providers } = await startTestEngine(db.owner);
  const { sendId } = await engine.createSend(sendTo(workspaceId, flowId, ids));
  // This imitates a wrong constraint or a broken index: every statement that touches this row fails.
  await sql`create function refuse_one() returns trigger language plpgsql as $$ begin
    if new.seq = 4 and new.status <> 'failed' then raise exception 'no' using errcode = '22000'; end if; return new; end $$`.execute(
    db.owner,
  );
  await sql`create trigger refuse_one before update on flow_executions for each row execute function refuse_one()`.execute(db.owner);
  for (let i = 0; i < 8; i += 1) await turn(31);
  await sql`drop trigger refuse_one on flow_executions`.execute(db.owner);
  const { rows } = await sql<{ seq: number; status: string; ended_reason: string | null }>`
    select seq, status, ended_reason from flow_executions where send_id = ${sendId} order by seq`.execute(db.owner);
  expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, (_, seq) => (seq === 4 ? "failed" : "completed")));
  expect(rows[4]?.ended_reason).toBe("internal");
  expect(new Set(providers.sms.calls.map(({ to }) => to)).size).toBe(providers.sms.calls.length);
  expect(await db.owner.selectFrom("flow_sends").select("state").where("id", "=", sendId).executeTakeFirst()).toEqual({
    state: "done",
  });
});

test("a database that fails for a while fails nobody", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, 4);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(5), sms("Hi")));
  const { engine, wait: turn, providers } = await startTestEngine(db.owner);
  const { sendId } = await engine.createSend(sendTo(workspaceId, flowId, ids));
  await sql`create function disk_full() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53100'; end $$`.execute(
    db.owner,
  );
  await sql`create trigger disk_full before insert on flow_execution_steps execute function disk_full()`.execute(db.owner);
  for (let i = 0; i < 6; i += 1) await turn(31);
  await sql`drop trigger disk_full on flow_execution_steps`.execute(db.owner);
  for (let i = 0; i < 3; i += 1) await turn(31);
  expect(providers.sms.calls).toHaveLength(4);
  const { rows } = await sql`select distinct status from flow_executions where send_id = ${sendId}`.execute(db.owner);
  expect(rows).toEqual([{ status: "completed" }]);
});

/** Ends what a strike has begun. */
type End = () => void;

/** Holds the pool's only connection until the engine has waited for one in vain, which it logs. */
const exhaustPool = async (pool: Db): Promise<End> => {
  const held = Promise.withResolvers<void>();
  const waitedInVain = Promise.withResolvers<void>();
  void pool.connection().execute(async () => {
    held.resolve();
    await waitedInVain.promise;
  });
  await held.promise;
  return waitedInVain.resolve;
};

const terminateConnection = async (): Promise<End> => {
  const open = async () => (await sql`select pid from pg_stat_activity where application_name = 'quarantined'`.execute(db.owner)).rows;
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'quarantined'`.execute(db.owner);
  await expect.poll(open).toEqual([]);
  return () => {};
};

test.each([
  { what: "a pool that has no free connection in time", point: "chunk-read", strike: exhaustPool },
  { what: "a connection that is terminated", point: "saving", strike: terminateConnection },
])("$what during quarantine blames nobody", async ({ point, strike }) => {
  const workspaceId = await buildWorkspace(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(5), sms("Hi")));
  const pool = createDb(db.ownerUrl, { maxConnections: 1, connectWithinMs: 2_000, applicationName: "quarantined" });
  let end: End | undefined;
  const log = pino({ level: "warn" }, { write: () => end?.() });
  const { engine, wait: turn, providers } = await startTestEngine(db.owner, { db: pool, log });
  const { sendId } = await engine.createSend(sendTo(workspaceId, flowId, ids));
  await sql`update private.send_lanes set failures = 3 where send_id = ${sendId}`.execute(db.owner);
  let struck = false;
  onBreakPoint(async (passed) => {
    if (passed !== point || struck) return;
    struck = true;
    end = await strike(pool);
  });
  await turn(0);
  expect(struck).toBe(true);
  // The pool opens a new connection where the old one is gone.
  await expect
    .poll(() =>
      sql`select 1`.execute(pool).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  for (let i = 0; i < 3; i += 1) await turn(61);
  const { rows } = await sql`select distinct status, ended_reason from flow_executions where send_id = ${sendId}`.execute(db.owner);
  expect(rows).toEqual([{ status: "completed", ended_reason: null }]);
  expect(providers.sms.calls).toHaveLength(3);
  await pool.destroy();
});
