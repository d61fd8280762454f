import { type SqlBool, sql } from "kysely";
import { conversationLimits } from "#contract/conversation-limits.ts";
import type { FoundMessage } from "#contract/conversations.ts";
import { excerptOf } from "#contract/found-words.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { findByWords, type MessageSource } from "./message-matches.ts";

interface Row {
  id: string;
  contact_id: string;
  name: string | null;
  firstname: string;
  lastname: string;
  direction: "in" | "out";
  channel: FoundMessage["channel"];
  at: Date;
  text: string;
}

/** Milliseconds that a statement of a search may take. A word that so much has is not worth more, and it keeps a core busy. */
const longestMs = 5_000;

/** Limits what this transaction still does to what a search may take. */
export const limitSearch = (db: Db) => sql`select set_config('statement_timeout', ${String(longestMs)}, true)`.execute(db);

/**
 * The newest messages with the words, in both directions, of contacts who have a conversation: what was sent to all others is found under
 * the sent messages. Each direction is looked through by itself, because each has its index of words. `show`: a text as members read it.
 */
export async function findInConversations(
  db: Db,
  { workspaceId, search, show }: { workspaceId: string; search: string; show: (text: string) => Promise<string> },
): Promise<{ messages: FoundMessage[]; more: boolean }> {
  const limit = conversationLimits.foundMessages;
  // A value and not "exists", which the planner would turn into a join with all conversations.
  const also = sql<SqlBool>`(select true from conversations v where v.workspace_id = ${workspaceId} and v.contact_id = m.contact_id limit 1) is not null`;
  const find = (view: MessageSource["view"]) => findByWords(db, { workspaceId, search, wanted: limit + 1, source: { view, also } });
  const sent = await find(sql`private.member_messages`);
  const received = await find(sql`private.member_received`);
  const { rows } = await sql<Row>`
    select t.*, c.name, c.firstname, c.lastname from (
      select m.id, m.contact_id, 'out' as direction, m.channel, m.created_at as at, concat_ws(' · ', nullif(m.subject, ''), left(m.body, 50000)) as text
      from messages m where m.workspace_id = ${workspaceId} and m.id = any(${sent}::uuid[])
      union all
      select i.id, i.contact_id, 'in', i.channel, i.received_at, coalesce(i.body, '')
      from inbound_messages i where i.workspace_id = ${workspaceId} and i.id = any(${received}::uuid[])
    ) t
    join private.member_contacts c on c.workspace_id = ${workspaceId} and c.id = t.contact_id
    order by t.at desc, t.id desc limit ${limit + 1}`.execute(db);
  const found = rows.slice(0, limit).map(async (row) => ({
    id: row.id,
    contactId: row.contact_id,
    contactName: displayName(row),
    direction: row.direction,
    channel: row.channel,
    at: row.at.toISOString(),
    text: excerptOf(await show(row.text), search),
  }));
  return { messages: await Promise.all(found), more: rows.length > limit };
}
