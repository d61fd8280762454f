import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";

/**
 * Tells that contacts may have asked for no more messages, which somebody is to read. Each contact is one notice, which is unread
 * again when they write the like again.
 */
export async function noteMaybeStop(tx: Tx, workspaceId: string, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await sql`
    insert into notices (workspace_id, kind, cause, channel, contact_id)
    select c.workspace_id, 'maybe_stop', c.id::text, 'sms', c.id from contacts c
    where c.workspace_id = ${workspaceId} and c.id = any(${uuidArray([...new Set(contactIds)])}::uuid[]) order by c.id
    on conflict (workspace_id, kind, cause) do update set times = notices.times + 1, last_at = excluded.last_at`.execute(tx);
}
