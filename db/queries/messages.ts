import { type RawBuilder, type SqlBool, sql } from "kysely";
import { comparableText } from "#contract/comparable-text.ts";
import type { Message, MessageListQuery } from "#contract/messages.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { literal } from "./contact-search.ts";
import { type Look, scanFiltered, toLook } from "./filtered-scan.ts";
import { microseconds, moment, type Page, type Place, readPlace, toPage, writePlace } from "./newest-first.ts";

/** How many messages are read at a time, at most, where a filter has no index. */
const longest = 12_500;

/** Messages of an execution, a contact, or of everything, newest first. */
export async function listMessages(
  db: Db,
  args: { workspaceId: string; providers?: string[] } & Omit<MessageListQuery, "provider">,
): Promise<Page<Message>> {
  const { workspaceId } = args;
  const place = readPlace("messages", args.cursor);
  const wanted = args.limit + 1;
  const filter: RawBuilder<SqlBool>[] = [];
  if (args.channel) filter.push(sql`m.channel = ${args.channel}`);
  if (args.providers) filter.push(sql`m.provider = any(${args.providers})`);
  if (args.search) filter.push(contains(args.search));
  if (filter.length === 0) return toPage(await readPage(db, workspaceId, scopeOf(args, place, wanted)), args.limit, toMessage, cursorAfter);

  const { ids, resumeAt } = await scanFiltered({ place, wanted, longest }, (from, stillWanted, stretch) =>
    look(db, { stretch: scopeOf(args, from, stretch), filter: sql.join(filter, sql` and `), wanted: stillWanted }),
  );
  const page = sql`select m.* from messages m where m.workspace_id = ${workspaceId} and m.id = any(${ids}::uuid[])`;
  const found = toPage(await readPage(db, workspaceId, page), args.limit, toMessage, cursorAfter);
  return resumeAt ? { ...found, nextCursor: writePlace("messages", resumeAt) } : found;
}

export async function findMessage(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<Message | undefined> {
  const page = sql`select m.* from messages m where m.workspace_id = ${workspaceId} and m.id = ${id}::uuid`;
  const [row] = await readPage(db, workspaceId, page);
  return row && toMessage(row);
}

type Scope = { workspaceId: string } & Pick<MessageListQuery, "contactId" | "executionId">;

/** The newest rows from a place on, by what has an index. */
function scopeOf({ workspaceId, contactId, executionId }: Scope, place: Place | undefined, limit: number): RawBuilder<unknown> {
  const conditions: RawBuilder<SqlBool>[] = [sql`m.workspace_id = ${workspaceId}`];
  if (contactId) conditions.push(sql`m.contact_id = ${contactId}::uuid`);
  if (executionId) conditions.push(sql`m.flow_execution_id = ${executionId}::uuid`);
  if (place) conditions.push(sql`(m.created_at, m.id) < (${moment(place.at)}, ${place.id}::uuid)`);
  return sql`select m.* from messages m where ${sql.join(conditions, sql` and `)} order by m.created_at desc, m.id desc limit ${limit}`;
}

async function look(db: Db, given: { stretch: RawBuilder<unknown>; filter: RawBuilder<unknown>; wanted: number }): Promise<Look> {
  // Tested inside the stretch, so that long texts are not carried along.
  const { rows } = await sql<{ ids: string[] | null; looked: number; end_id: string | null; end_at: number | null }>`
    with stretch as materialized (select m.id, m.created_at, (${given.filter}) as matches from (${given.stretch}) m),
    oldest as (select id, created_at from stretch order by created_at, id limit 1)
    select
      (select array_agg(id) from (
        select id from stretch where matches order by created_at desc, id desc limit ${given.wanted}) found) as ids,
      (select count(*) from stretch) as looked, (select id from oldest) as end_id,
      (select ${microseconds("oldest.created_at")} from oldest) as end_at`.execute(db);
  return toLook(rows[0]);
}

function contains(search: string): RawBuilder<SqlBool> {
  const pattern = `%${literal(comparableText(search))}%`;
  return sql`(m.to_address ilike ${pattern} or m.subject ilike ${pattern} or m.body ilike ${pattern})`;
}

interface MessageRow {
  id: string;
  position: number;
  flow_execution_id: string | null;
  flow_id: string | null;
  flow_name: string | null;
  contact_id: string | null;
  name: string | null;
  firstname: string;
  lastname: string;
  channel: Message["channel"];
  provider: string;
  is_test: boolean;
  to_address: string | null;
  from_address: string | null;
  subject: string | null;
  body: string | null;
  html: string | null;
  segments: number | null;
  status: Message["status"];
  reason: Message["reason"];
  error_message: string | null;
  provider_message_id: string | null;
  created_at: Date;
  sent_at: Date | null;
}

async function readPage(db: Db, workspaceId: string, page: RawBuilder<unknown>): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    with page as materialized (${page})
    select m.id, ${microseconds("m.created_at")} as position, m.flow_execution_id, f.id as flow_id, f.name as flow_name, m.contact_id,
      c.name, c.firstname, c.lastname, m.channel, m.provider, m.is_test, m.to_address, m.from_address, m.subject, m.body, m.html,
      m.segments, m.status, m.reason, m.error_message, m.provider_message_id, m.created_at, m.sent_at
    from page m
    left join flow_executions e on e.workspace_id = ${workspaceId} and e.id = m.flow_execution_id
    left join flows f on f.workspace_id = ${workspaceId} and f.id = e.flow_id
    left join contacts c on c.workspace_id = ${workspaceId} and c.id = m.contact_id
    order by m.created_at desc, m.id desc`.execute(db);
  return rows;
}

const cursorAfter = (row: MessageRow): string => writePlace("messages", { at: row.position, id: row.id });

const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  executionId: row.flow_execution_id,
  flowId: row.flow_id,
  flowName: row.flow_name,
  contactId: row.contact_id,
  contactName: row.contact_id === null ? null : displayName(row),
  channel: row.channel,
  provider: row.provider,
  isTest: row.is_test,
  to: row.to_address,
  from: row.from_address,
  subject: row.subject,
  body: row.body,
  html: row.html,
  segments: row.segments,
  status: row.status,
  reason: row.reason,
  errorMessage: row.error_message,
  providerMessageId: row.provider_message_id,
  createdAt: row.created_at.toISOString(),
  sentAt: row.sent_at?.toISOString() ?? null,
});
