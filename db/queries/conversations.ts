import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Conversation, ConversationListQuery, ConversationMessage } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "../client.ts";
import { matchesFilter } from "./contact-filter.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";

interface Row {
  contact_id: string;
  position: number;
  name: string | null;
  firstname: string;
  lastname: string;
  status: Conversation["status"];
  assignee_id: string | null;
  unread: number;
  last_at: Date;
  channel: Channel | null;
  body: string | null;
  word: Conversation["lastWord"];
}

type Args = { workspaceId: string; userId: string | null } & ConversationListQuery;

/** The conversations with contacts who are not in the bin, by the last message that came in. */
export async function listConversations(db: Db, args: Args): Promise<Page<Conversation>> {
  const place = readPlace("conversations", args.cursor);
  const rows = await read(db, args.workspaceId, conditions(args, place), args.limit + 1);
  return toPage(rows, args.limit, toConversation, (row) => writePlace("conversations", { at: row.position, id: row.contact_id }));
}

export async function findConversation(
  db: Db,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<Conversation | undefined> {
  const [row] = await read(db, workspaceId, sql`v.contact_id = ${contactId}::uuid`, 1);
  return row && toConversation(row);
}

function conditions({ status, assignee, search, userId }: Args, place: ReturnType<typeof readPlace>): RawBuilder<SqlBool> {
  const all: RawBuilder<SqlBool>[] = [sql`true`];
  if (status !== "all") all.push(sql`v.status = ${status}`);
  if (assignee === "me") all.push(sql`v.assignee_id = ${userId}::uuid`);
  if (assignee === "nobody") all.push(sql`v.assignee_id is null`);
  if (search) all.push(sql`${matchesFilter({ search, tests: [] })}`);
  if (place) all.push(sql`(v.last_at, v.contact_id) < (${moment(place.at)}, ${place.id}::uuid)`);
  return sql`${sql.join(all, sql` and `)}`;
}

async function read(db: Db, workspaceId: string, which: RawBuilder<SqlBool>, limit: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with page as materialized (
      select v.*, contacts.name, contacts.firstname, contacts.lastname
      from conversations v
      join private.member_contacts as contacts on contacts.workspace_id = v.workspace_id and contacts.id = v.contact_id
      where v.workspace_id = ${workspaceId} and ${which}
      order by v.last_at desc, v.contact_id desc limit ${limit}
    )
    select v.contact_id, ${microseconds("v.last_at")} as position, v.name, v.firstname, v.lastname, v.status, v.assignee_id,
      v.unread, v.last_at, i.channel, i.body, i.word
    from page v
    left join lateral (
      select i.channel, left(i.body, 300) as body, i.word from inbound_messages i
      where i.workspace_id = ${workspaceId} and i.contact_id = v.contact_id order by i.received_at desc, i.id desc limit 1
    ) i on true
    order by v.last_at desc, v.contact_id desc`.execute(db);
  return rows;
}

const toConversation = (row: Row): Conversation => ({
  contactId: row.contact_id,
  contactName: displayName(row),
  status: row.status,
  assigneeId: row.assignee_id,
  unread: row.unread,
  lastAt: row.last_at.toISOString(),
  lastChannel: row.channel,
  lastText: row.body,
  lastWord: row.word,
});

interface MessageRow {
  id: string;
  direction: "in" | "out";
  channel: Channel;
  address: string | null;
  subject: string | null;
  body: string | null;
  at: Date;
  status: ConversationMessage["status"];
  reason: ConversationMessage["reason"];
  error_message: string | null;
  provider: string;
  flow_name: string | null;
  execution_id: string | null;
  word: ConversationMessage["word"];
  automatic: boolean;
  files: number;
}

/** The newest messages to and from a contact, oldest first: two indexes, each read from its newest end. */
export async function readThread(
  db: Db,
  { workspaceId, contactId, limit, messageId }: { workspaceId: string; contactId: string; limit: number; messageId?: string },
): Promise<{ messages: ConversationMessage[]; hasOlder: boolean }> {
  const only = messageId === undefined ? sql`true` : sql`m.id = ${messageId}::uuid`;
  const { rows } = await sql<MessageRow>`
    select t.*, f.name as flow_name from (
      select * from (
        select m.id, 'out' as direction, m.channel, m.to_address as address, m.subject, m.body, m.created_at as at, m.status, m.reason, m.error_message,
          m.provider, m.flow_execution_id as execution_id, null as word, false as automatic, 0 as files
        from messages m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}::uuid and ${only}
        order by m.created_at desc, m.id desc limit ${limit + 1}) o
      union all
      select * from (
        select m.id, 'in', m.channel, m.from_address, null, m.body, m.received_at, null, null, null, m.provider, m.flow_execution_id, m.word, m.automatic, m.files
        from inbound_messages m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}::uuid and ${only}
        order by m.received_at desc, m.id desc limit ${limit + 1}) i
    ) t
    left join flow_executions e on e.workspace_id = ${workspaceId} and e.id = t.execution_id
    left join private.flow_names f on f.workspace_id = ${workspaceId} and f.id = e.flow_id
    order by t.at desc, t.id desc limit ${limit + 1}`.execute(db);
  return { messages: rows.slice(0, limit).reverse().map(toMessage), hasOlder: rows.length > limit };
}

const toMessage = (row: MessageRow): ConversationMessage => ({
  id: row.id,
  direction: row.direction,
  channel: row.channel,
  address: row.address,
  subject: row.subject,
  text: row.body,
  at: row.at.toISOString(),
  status: row.status,
  reason: row.reason,
  errorMessage: row.error_message,
  provider: row.provider,
  flowName: row.flow_name,
  executionId: row.execution_id,
  word: row.word,
  automatic: row.automatic,
  files: row.files,
});

/** Returns whether there is such a conversation. */
export async function changeConversation(
  db: Db,
  {
    workspaceId,
    contactId,
    ...change
  }: { workspaceId: string; contactId: string; status?: Conversation["status"]; assigneeId?: string | null; unread?: 0 },
): Promise<boolean> {
  const row = await db
    .updateTable("conversations")
    .set({
      ...(change.status !== undefined && { status: change.status }),
      ...(change.assigneeId !== undefined && { assignee_id: change.assigneeId }),
      ...(change.unread !== undefined && { unread: change.unread }),
    })
    .where("workspace_id", "=", workspaceId)
    .where("contact_id", "=", contactId)
    .returning("contact_id")
    .executeTakeFirst();
  return row !== undefined;
}
