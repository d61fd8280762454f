import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";

/**
 * Tells that people want messages again and still get none: they wrote what may mean START, or START itself while something else closes
 * the contact or its number as well.
 */
export async function noteStillStopped(
  tx: Tx,
  workspaceId: string,
  writers: readonly { contactId: string; word: "start" | "maybe_start" }[],
): Promise<void> {
  if (writers.length === 0) return;
  const words = [...new Map(writers.map(({ contactId, word }) => [contactId, word]))];
  await sql`
    insert into notices (workspace_id, kind, cause, channel, contact_id, detail)
    select c.workspace_id, 'still_stopped', c.id::text, 'sms', c.id, case w.word when 'start' then 'closed' else 'not_start' end
    from unnest(${uuidArray(words.map(([id]) => id))}::uuid[], ${textArray(words.map(([, word]) => word))}::text[]) as w (id, word)
    join contacts c on c.id = w.id and c.workspace_id = ${workspaceId}
    where c.dnc or c.sms_opted_out_at is not null or c.sms_refused_as is not null
      or exists (select from suppressions s where s.workspace_id = c.workspace_id and s.channel = 'sms' and s.address = c.phone_e164)
    order by c.id
    on conflict (workspace_id, kind, cause) do update set detail = excluded.detail, times = notices.times + 1, last_at = excluded.last_at`.execute(
    tx,
  );
}

/**
 * Tells that contacts may have asked for no more messages, which somebody is to read. Each contact is one notice, which is unread
 * again when they write the like again.
 */
export async function noteMaybeStop(
  tx: Tx,
  workspaceId: string,
  writers: readonly { contactId: string; channel: Channel }[],
): Promise<void> {
  if (writers.length === 0) return;
  const channels = [...new Map(writers.map(({ contactId, channel }) => [contactId, channel]))];
  await sql`
    insert into notices (workspace_id, kind, cause, channel, contact_id)
    select c.workspace_id, 'maybe_stop', c.id::text, w.channel, c.id
    from unnest(${uuidArray(channels.map(([id]) => id))}::uuid[], ${textArray(channels.map(([, channel]) => channel))}::text[]) as w (id, channel)
    join contacts c on c.id = w.id and c.workspace_id = ${workspaceId} order by c.id
    on conflict (workspace_id, kind, cause) do update set channel = excluded.channel, times = notices.times + 1, last_at = excluded.last_at`.execute(
    tx,
  );
}
