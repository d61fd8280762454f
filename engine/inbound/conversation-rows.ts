import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";
import { lockWriters } from "./reply-rows.ts";

/** Notes for each message that there is something to read from its contact. What a machine wrote opens no closed conversation. */
export async function noteWriters(
  tx: Tx,
  workspaceId: string,
  written: readonly { contactId: string; automatic: boolean }[],
): Promise<void> {
  if (written.length === 0) return;
  const contactIds = written.map(({ contactId }) => contactId);
  await lockWriters(tx, workspaceId, [...new Set(contactIds)]);
  await sql`
    insert into conversations as v (workspace_id, contact_id, unread, status, last_at)
    select ${workspaceId}, w.contact_id, count(*) filter (where not w.automatic), case when bool_and(w.automatic) then 'closed' else 'open' end, clock_timestamp()
    from unnest(${uuidArray(contactIds)}::uuid[], ${textArray(written.map(({ automatic }) => String(automatic)))}::boolean[]) as w (contact_id, automatic)
    where exists (select from contacts c where c.workspace_id = ${workspaceId} and c.id = w.contact_id)
    group by w.contact_id order by w.contact_id
    on conflict (workspace_id, contact_id) do update set unread = v.unread + excluded.unread, last_at = greatest(v.last_at, excluded.last_at),
      status = case when excluded.status = 'open' then 'open' else v.status end`.execute(tx);
}
