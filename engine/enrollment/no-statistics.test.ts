import { sql } from "kysely";
import { expect, test } from "vitest";
import { createDb } from "#db/client.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";

setUpWorkspace();

const contacts = 1_000;
const name = "no statistics";

/** How often each index of contacts was searched by sessions that have ended, but for those of ids. */
async function otherSearches(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select sum(idx_scan)::int as count from pg_stat_user_indexes
    where relname = 'contacts' and indexrelname not in ('contacts_pkey', 'contacts_workspace_id_id_key')`.execute(db.owner);
  return rows[0]?.count ?? 0;
}

const sessions = async () =>
  Number(
    (await sql<{ count: string }>`select count(*) from pg_stat_activity where application_name = ${name}`.execute(db.owner)).rows[0]?.count,
  );

/** As in a new installation: the table was analyzed while it was empty, and the contacts came a moment ago. */
async function importJustNow(count: number): Promise<void> {
  await sql`delete from contacts`.execute(db.owner);
  await sql`alter table contacts set (autovacuum_enabled = false)`.execute(db.owner);
  await sql`vacuum analyze contacts`.execute(db.owner);
  await buildContacts(db.owner, workspaceId, count);
}
const everybody = { selection: { type: "filter" as const, filter: { tests: [] }, excluded: [] } };

test("ten thousand contacts of an import just now are enrolled in the time that one statement has", async () => {
  await importJustNow(10_000);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("hello"), node("end")));
  // Joined row by row, it was a hundred million comparisons.
  const own = createDb(db.ownerUrl, { applicationName: name, statementTimeout: 5_000 });
  const { engine, run } = await startTestEngine(own);
  const drip = { count: 1, everySeconds: 3_600, days: [1, 2, 3, 4, 5, 6, 7] };
  const { sendId } = await engine.createSend(sendTo(workspaceId, flowId, [], { ...everybody, drip }));
  await run();
  const send = await db.owner.selectFrom("flow_sends").select("enrolled").where("id", "=", sendId).executeTakeFirstOrThrow();
  expect(send.enrolled).toBe(10_000);
  await own.destroy();
});

test("a send just after an import looks contacts up by their ids, although Postgres has counted no contacts yet", async () => {
  await importJustNow(contacts);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("hello"), node("end")));
  const before = await otherSearches();

  const own = createDb(db.ownerUrl, { applicationName: name });
  const { engine, run, providers } = await startTestEngine(own);
  await engine.createSend(sendTo(workspaceId, flowId, [], everybody));
  await run();
  expect(providers.sms.calls).toHaveLength(contacts);
  // A session tells what it has read when it ends.
  await own.destroy();
  await expect.poll(sessions).toBe(0);
  // A chunk may search once for all of its contacts, but not for each.
  expect((await otherSearches()) - before).toBeLessThan(contacts / 20);
});
