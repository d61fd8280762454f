import { sql } from "kysely";
import type { InboxState } from "#contract/conversations.ts";
import type { Db } from "../client.ts";
import { countUnreadConversations } from "./conversations.ts";

/**
 * So many changes stand in a mark. A change that is committed after newer ones is seen as long as it is among these; a transaction of the
 * inbox takes milliseconds.
 */
const changesInMark = 100;

/** How many conversations wait for somebody, and a mark that is another one whenever one of them has begun or changed. */
export async function readInboxState(db: Db, { workspaceId }: { workspaceId: string }): Promise<Pick<InboxState, "unread" | "list">> {
  const unread = await countUnreadConversations(db, { workspaceId });
  const { rows } = await sql<{ mark: string }>`
    select coalesce(md5(string_agg(v.contact_id::text || v.updated_at::text, ',' order by v.updated_at desc, v.contact_id)), '') as mark from (
      select contact_id, updated_at from conversations where workspace_id = ${workspaceId}
      order by updated_at desc, contact_id limit ${changesInMark}) v`.execute(db);
  return { unread, list: rows[0]?.mark ?? "" };
}

/** A mark that is another one whenever the newest of a conversation, what became of it, or the contact has changed. */
export async function readThreadMark(db: Db, { workspaceId, contactId }: { workspaceId: string; contactId: string }): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select md5(concat_ws(' ',
      (select string_agg(m.id::text || m.status || m.updated_at::text, ',' order by m.created_at desc, m.id) from (
        select id, workspace_id, status, created_at, updated_at from messages where contact_id = ${contactId}::uuid
        order by created_at desc limit ${changesInMark}) m where m.workspace_id = ${workspaceId}),
      (select string_agg(i.id::text, ',' order by i.received_at desc, i.id) from (
        select id, workspace_id, received_at from inbound_messages where contact_id = ${contactId}::uuid
        order by received_at desc limit ${changesInMark}) i where i.workspace_id = ${workspaceId}),
      (select v.updated_at from conversations v where v.workspace_id = ${workspaceId} and v.contact_id = ${contactId}::uuid),
      (select c.updated_at from contacts c where c.workspace_id = ${workspaceId} and c.id = ${contactId}::uuid),
      (select string_agg(s.channel || s.reason, ',' order by s.channel) from contacts c
        cross join lateral (values ('sms', lower(c.phone_e164)), ('email', lower(c.email))) as way (channel, address)
        join suppressions s on s.workspace_id = c.workspace_id and s.channel = way.channel and s.address = way.address
        where c.workspace_id = ${workspaceId} and c.id = ${contactId}::uuid))) as mark`.execute(db);
  return rows[0]?.mark ?? "";
}
