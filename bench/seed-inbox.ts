import { join } from "node:path";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "#db/client.ts";
import { type BenchDatabase, openSeeded } from "./cluster.ts";
import { seedPeople } from "./seed-people.ts";
import { withoutIndexes } from "./without-indexes.ts";

export interface InboxSize {
  conversations: number;
  messages: number;
}

/** So many messages have the rare word, half of them in each direction. */
export const rareWord = { word: "passport", messages: 20 } as const;

/** Only to be read. */
export function openInbox(size: InboxSize): Promise<BenchDatabase> {
  return openSeeded({
    name: `inbox-${size.messages}`,
    sources: ["seed-inbox.ts", "seed-people.ts"].map((file) => join(import.meta.dirname, file)),
    fill: (db) => seedInbox(db, size),
    writes: false,
  });
}

/**
 * One workspace in which everybody has written, with a year behind it, and a neighbour a tenth as large, so that a query that forgets its
 * workspace shows. One contact in whose conversation every hundredth message stands is the worst case of an open one. A quarter of the
 * conversations is open, and of those every second has something unread. Words stand in half of all messages, in one of fifty, in twenty of
 * all, and only in the oldest.
 */
async function seedInbox(db: Db, size: InboxSize): Promise<void> {
  const tables = ["contacts", "messages", "inbound_messages", "conversations"];
  const ours = await addWorkspace(db, "Inbox");
  const theirs = await addWorkspace(db, "Neighbour");
  await withoutIndexes(db, tables, async (connection) => {
    await fillWorkspace(connection, ours, size);
    await fillWorkspace(connection, theirs, { conversations: size.conversations / 10, messages: size.messages / 10 });
  });
  await sql`checkpoint`.execute(db);
}

async function addWorkspace(db: Db, name: string): Promise<string> {
  const { id } = await db.insertInto("workspaces").values({ name, undo_seconds: 0 }).returning("id").executeTakeFirstOrThrow();
  return id;
}

const sentences = {
  out: [
    "your appointment is confirmed. Reply STOP to opt out.",
    "we have kept your appointment for Friday at ten.",
    "thank you for your order, it leaves tomorrow.",
    "how did you like your visit? We read every answer.",
  ],
  in: ["Yes, that is fine for me.", "Can I move the appointment to next week?", "Where do I park?", "Thanks, see you at the appointment!"],
} as const;

async function fillWorkspace(db: Db, workspaceId: string, { conversations, messages }: InboxSize): Promise<void> {
  await seedPeople(db, workspaceId, conversations);
  await sql`create temporary table seed_people on commit preserve rows as
    select row_number() over (order by id) - 1 as n, id, firstname, coalesce(phone_e164, email, '+15550009999') as address
    from contacts where workspace_id = ${workspaceId}`.execute(db);
  await sql`create unique index on seed_people (n)`.execute(db);
  await sql`analyze seed_people`.execute(db);
  const received = Math.floor(messages * 0.4);
  const sent = messages - received;
  const rows = (many: number, first: number) => sql`
    from generate_series(1, ${many}::int) i
    join seed_people p on p.n = case when i % 100 = 0 then 0 else (i * 7919::bigint + ${first}::int) % ${conversations}::int end
    cross join lateral (select now() - (${many}::int - i + 0.5) / ${many}::int * interval '365 days' as at) t`;
  await sql`
    insert into messages (workspace_id, contact_id, channel, provider, to_address, body, segments, status, kind, sent_at, created_at, updated_at)
    select ${workspaceId}, p.id, 'sms', 'capture', p.address, 'Hi ' || p.firstname || ', ' || ${textOf(sentences.out, sent)}, 1, 'delivered',
      'conversational', t.at, t.at, t.at ${rows(sent, 0)}`.execute(db);
  await sql`
    insert into inbound_messages (workspace_id, channel, provider, provider_message_id, from_address, to_address, contact_id, body, received_at,
      handled_at)
    select ${workspaceId}, 'sms', 'capture', ${workspaceId} || '-' || i, p.address, '+15550001111', p.id, ${textOf(sentences.in, received)}, t.at, t.at
    ${rows(received, 3)}`.execute(db);
  await sql`
    insert into conversations (workspace_id, contact_id, status, unread, last_at, updated_at)
    select ${workspaceId}, p.id, case when p.n % 4 = 0 then 'open' else 'closed' end, case when p.n % 8 = 0 then 1 + (p.n % 3)::int else 0 end,
      coalesce(i.last_at, now() - interval '400 days'), coalesce(i.last_at, now() - interval '400 days')
    from seed_people p
    left join (select contact_id, max(received_at) as last_at from inbound_messages where workspace_id = ${workspaceId} group by 1) i
      on i.contact_id = p.id`.execute(db);
  await sql`drop table seed_people`.execute(db);
}

/** The text of the message `i` of so many. */
function textOf(texts: readonly string[], many: number): RawBuilder<string> {
  const apart = Math.max(1, Math.floor(many / (rareWord.messages / 2)));
  return sql`(${sql.lit(`{${texts.map((text) => `"${text}"`).join(",")}}`)}::text[])[1 + i % ${sql.lit(texts.length)}]
    || case when i % 50 = 3 then ' Here is the invoice.' else '' end
    || case when i % ${sql.lit(apart)} = 0 and i / ${sql.lit(apart)} <= ${sql.lit(rareWord.messages / 2)} then ' Please bring your passport.' else '' end
    || case when i < ${sql.lit(Math.floor(many / 6))} and i % 3 = 1 then ' Our anniversary week has begun.' else '' end`;
}
