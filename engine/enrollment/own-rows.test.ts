import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReEntryRule } from "#contract/node-definition.ts";
import type { Exclusions } from "#contract/who-not.ts";
import type { Tx } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node } from "#test/graphs.ts";
import { createTestClock } from "../base/clock.ts";
import { readStartBudget } from "../effects/start-budget-rows.ts";
import { asReader } from "../forecast/reader-rows.ts";
import { readContactRoom } from "../messages/contact-cap-rows.ts";
import { readWroteLately } from "../messages/wrote-lately-rows.ts";
import { judgeEntry } from "./judge-entry-rows.ts";

// Rows are written as a large send leaves them, without the send that belongs to them.

const clock = createTestClock();
const tables = ["flow_executions", "inbound_messages", "messages"];
let db: TestDb;
let workspaceId: string;
let contactIds: string[];
let flowId: string;
let sendId: string;

// Each describe has a workspace of its own, and what is asked only reads.
beforeAll(async () => {
  db = await createTestDb();
  for (const table of tables) await sql`alter table ${sql.table(table)} set (autovacuum_enabled = false)`.execute(db.owner);
});
afterAll(() => db.drop());

/** A workspace that has sent, or not yet, when Postgres counts last; then five executions, messages and replies come for each contact. */
async function buildAll({ hadSome }: { hadSome: boolean }): Promise<void> {
  workspaceId = await buildWorkspace(db.owner);
  contactIds = await buildContacts(db.owner, workspaceId, 300);
  flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), node("end")));
  if (!hadSome) await count();
  const { engine } = await startTestEngine(db.owner);
  ({ sendId } = await engine.createSend(sendTo(workspaceId, flowId, contactIds)));
  if (hadSome) await addRows("3 days", 0);
  if (hadSome) await count();
  for (let each = 1; each <= 5; each += 1) await addRows("0 days", each);
}

async function count(): Promise<void> {
  for (const table of tables) await sql`vacuum analyze ${sql.table(table)}`.execute(db.owner);
}

async function addRows(age: string, round: number): Promise<void> {
  const at = sql`now() - ${age}::interval`;
  const ofAll = sql`from (select c.id, row_number() over () as n from contacts c where c.workspace_id = ${workspaceId}) c`;
  await sql`insert into flow_executions (flow_id, contact_id, workspace_id, status, send_id, flow_version_id, seq, created_at)
    select s.flow_id, c.id, s.workspace_id, 'completed', s.id, s.flow_version_id, ${(round + 1) * 100_000}::int + c.n, ${at}
    ${ofAll} cross join (select * from flow_sends where id = ${sendId}::uuid) s`.execute(db.owner);
  await sql`insert into inbound_messages (workspace_id, channel, provider, provider_message_id, from_address, to_address, contact_id, received_at, handled_at)
    select ${workspaceId}, 'sms', 'fake', ${`${round} `} || c.id, '+12025550134', '+12025550135', c.id, ${at}, ${at} ${ofAll}`.execute(
    db.owner,
  );
  await sql`insert into messages (workspace_id, contact_id, channel, to_address, body, status, provider, kind, created_at)
    select ${workspaceId}, c.id, 'sms', '+12025550134', 'Hello', 'sent', 'capture', 'marketing', ${at} ${ofAll}`.execute(db.owner);
}

/** How many rows of these tables this connection has read, of those that it has not told the others yet. */
async function rowsRead(tx: Tx): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_xact_user_tables where relname = any(${tables})`.execute(
    tx,
  );
  return rows[0]?.read ?? 0;
}

const judge = ({ exclude, reEntry = { rule: "any_time" } }: { exclude?: Exclusions; reEntry?: ReEntryRule }) => {
  const send = { workspaceId, flowId, isTest: false, refusal: null, narrowing: { ...(exclude && { exclude }) } };
  return (tx: Tx) =>
    sql`select ${judgeEntry(send, { reEntry, onlyIf: undefined }, clock)} as reason
      from (select id, time_zone from contacts where workspace_id = ${workspaceId} offset 0) page`.execute(tx);
};
const questions: [string, () => (tx: Tx) => Promise<unknown>][] = [
  ["who was here within some days", () => judge({ exclude: { hereDays: 2 } })],
  ["who is in another flow", () => judge({ exclude: { inAnotherFlow: true } })],
  ["who got a message within some days", () => judge({ exclude: { messagedDays: 2 } })],
  ["who has not written within some days", () => judge({ exclude: { silentDays: 2 } })],
  ["who may enter again after some days", () => judge({ reEntry: { rule: "after_days", days: 2 } })],
  ["who may enter once", () => judge({ reEntry: { rule: "once" } })],
  ["who may enter when they are out", () => judge({ reEntry: { rule: "when_finished" } })],
  ["who has written lately", () => (tx) => readWroteLately(tx, { workspaceId, channel: "sms", contactIds }, clock)],
  ["the limit of a day", () => (tx) => readContactRoom(tx, { workspaceId, contactIds }, clock)],
];

describe.each([
  { when: "a workspace in which this is the first send", hadSome: false },
  { when: "a workspace that had sent before", hadSome: true },
])("in $when", ({ hadSome }) => {
  beforeAll(async () => {
    await buildAll({ hadSome });
  });
  /** Each contact has seven executions, and six of the others. Nobody's are read twice. */
  const most = () => 7 * contactIds.length;

  test.each(questions)("%s is read from each contact's own rows", async (_, asked) => {
    const read = await db.owner.transaction().execute(async (tx) => {
      const before = await rowsRead(tx);
      await asked()(tx);
      return (await rowsRead(tx)) - before;
    });
    // Each execution also looks up its send, which is not counted.
    expect(read).toBeLessThanOrEqual(most());
  });

  test.each(questions)("%s is read so by a forecast too, whose role sees one workspace", async (_, asked) => {
    const read = await asReader(db.owner, workspaceId, async (tx) => {
      const before = await rowsRead(tx);
      await asked()(tx);
      return (await rowsRead(tx)) - before;
    });
    expect(read).toBeLessThanOrEqual(most());
  });

  test("how many executions flows started for a contact is read from their own", async () => {
    const read = await db.owner.transaction().execute(async (tx) => {
      const before = await rowsRead(tx);
      await readStartBudget(tx, { workspaceId, sendId, contactIds }, clock);
      return (await rowsRead(tx)) - before;
    });
    expect(read).toBeLessThanOrEqual(most());
  });
});
