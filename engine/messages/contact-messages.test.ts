import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import type { Db } from "#db/client.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts } from "#test/factories.ts";
import { createTestClock } from "../base/clock.ts";
import { hasHad, readContactRoom, readCountedMessages } from "./contact-cap-rows.ts";
import { readMarketingRoom } from "./marketing-cap-rows.ts";

setUpWorkspace();

const clock = createTestClock();
let contactIds: string[];

beforeEach(async () => {
  await sql`alter table messages set (autovacuum_enabled = false)`.execute(db.owner);
  contactIds = await buildContacts(db.owner, workspaceId, 400);
});

/** As in the middle of a large send: none of its messages was there when Postgres counted last. */
async function sendMuch({ hadSentBefore }: { hadSentBefore: boolean }): Promise<void> {
  if (hadSentBefore) await addMessages("3 days");
  await sql`vacuum analyze messages`.execute(db.owner);
  for (let each = 0; each < 5; each += 1) await addMessages("0 days");
}
const addMessages = (age: string) =>
  sql`
  insert into messages (workspace_id, contact_id, channel, to_address, body, status, provider, kind, created_at)
  select ${workspaceId}, c.id, 'sms', '+12025550134', 'Hello', 'sent', 'fake', 'marketing', now() - ${age}::interval
  from contacts c where c.workspace_id = ${workspaceId}`.execute(db.owner);

/** How many rows of messages this connection has read, of those that it has not told the others yet. Within a transaction it tells nothing. */
async function rowsRead(tx: Db): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_xact_user_tables where relname = 'messages'`.execute(tx);
  return rows[0]?.read ?? 0;
}

describe.each([
  { when: "a workspace that sends for the first time", hadSentBefore: false },
  { when: "a workspace that had sent before", hadSentBefore: true },
])("in $when", ({ hadSentBefore }) => {
  test.each<[string, (own: Db) => Promise<unknown>]>([
    ["the limit of a day", (own) => readContactRoom(own, { workspaceId, contactIds }, clock)],
    ["the messages of a week", (own) => readCountedMessages(own, { workspaceId, contactIds, days: 7 }, clock)],
    [
      "the limit of marketing",
      (own) => readMarketingRoom(own, { workspaceId, contactIds }, { marketingPerDay: 1, marketingPerWeek: 3 }, clock),
    ],
    [
      "who has had so many",
      (own) => sql`select from contacts where workspace_id = ${workspaceId} and ${hasHad(workspaceId, 3, clock)}`.execute(own),
    ],
  ])("%s is read from each contact's own messages", async (_, ask) => {
    await sendMuch({ hadSentBefore });
    const read = await db.owner.transaction().execute(async (tx) => {
      const before = await rowsRead(tx);
      await ask(tx);
      return (await rowsRead(tx)) - before;
    });
    // Five of this send and one of three days ago.
    expect(read).toBeLessThanOrEqual(6 * contactIds.length);
  });
});
