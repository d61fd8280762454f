import { type RawBuilder, type SqlBool, sql } from "kysely";
import { countedConversations } from "#contract/conversation-limits.ts";
import type { Conversation, ConversationListQuery } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "../client.ts";
import { matchesFilter } from "./contact-filter.ts";
import { displayName } from "./contact-rows.ts";
import { findFewContacts } from "./few-contacts.ts";
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
  // Few contacts lead to their conversations. Of a search that many contacts match a page is near.
  const contactIds = args.search ? await findFewContacts(db, args) : undefined;
  const rows = await read(db, args.workspaceId, conditions(args, place, contactIds), args.limit + 1);
  return toPage(rows, args.limit, toConversation, (row) => writePlace("conversations", { at: row.position, id: row.contact_id }));
}

export async function findConversation(
  db: Db,
  { workspaceId, contactId }: { workspaceId: string; contactId: string },
): Promise<Conversation | undefined> {
  const [row] = await read(db, workspaceId, sql`v.contact_id = ${contactId}::uuid`, 1);
  return row && toConversation(row);
}

function conditions(
  { status, assignee, search, userId }: Args,
  place: ReturnType<typeof readPlace>,
  contactIds: readonly string[] | undefined,
): RawBuilder<SqlBool> {
  const all: RawBuilder<SqlBool>[] = [sql`true`];
  if (status !== "all") all.push(sql`v.status = ${status}`);
  if (assignee === "me") all.push(sql`v.assignee_id = ${userId}::uuid`);
  if (assignee === "nobody") all.push(sql`v.assignee_id is null`);
  if (contactIds) all.push(sql`v.contact_id = any(${contactIds}::uuid[])`);
  else if (search) all.push(sql`${matchesFilter({ search, tests: [] })}`);
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

/** Times are told in whole milliseconds, and kept more exactly. */
const unreadSince = (seen: string) =>
  sql<number>`case when date_trunc('milliseconds', last_at) <= ${seen}::timestamptz then 0 else unread end`;

/** Returns whether there is such a conversation. */
export async function changeConversation(
  db: Db,
  {
    workspaceId,
    contactId,
    ...change
  }: {
    workspaceId: string;
    contactId: string;
    status?: Conversation["status"];
    assigneeId?: string | null;
    /** "all", or the time of the newest message that was seen. */
    readUpTo?: string;
  },
): Promise<boolean> {
  const row = await db
    .updateTable("conversations")
    .set({
      ...(change.status !== undefined && { status: change.status }),
      ...(change.assigneeId !== undefined && { assignee_id: change.assigneeId }),
      ...(change.readUpTo === "all" && { unread: 0 }),
      ...(change.readUpTo !== undefined && change.readUpTo !== "all" && { unread: unreadSince(change.readUpTo) }),
    })
    .where("workspace_id", "=", workspaceId)
    .where("contact_id", "=", contactId)
    .returning("contact_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Open conversations with something that nobody has read, of contacts who are not in the bin. Counted as far as people want to know. */
export async function countUnreadConversations(db: Db, { workspaceId }: { workspaceId: string }): Promise<number> {
  const { rows } = await sql<{ unread: number }>`
    select count(*)::int as unread from (
      select from conversations v join contacts c on c.workspace_id = v.workspace_id and c.id = v.contact_id and c.deleted_at is null
      where v.workspace_id = ${workspaceId} and v.status = 'open' and v.unread > 0 limit ${countedConversations}) unread`.execute(db);
  return rows[0]?.unread ?? 0;
}
