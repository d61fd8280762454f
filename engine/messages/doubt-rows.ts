import { sql } from "kysely";
import type { DoubtfulMessage } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { textArray } from "../base/array.ts";

export interface Doubt {
  provider: string;
  message: DoubtfulMessage;
}

/** A message in doubt that waits to be looked up; undefined where it is no longer one. */
export async function readDoubt(db: Db, messageId: string): Promise<Doubt | undefined> {
  const { rows } = await sql<Row>`
    select workspace_id, channel, provider, to_address, from_address, subject, body, coalesce(doubt_at, updated_at) as handed_over_at
    from messages where id = ${messageId}::uuid and status = 'queued' and reason = 'outcome_unknown' and to_address is not null`.execute(
    db,
  );
  const [row] = rows;
  if (!row) return undefined;
  const message: DoubtfulMessage = {
    id: messageId,
    workspaceId: row.workspace_id,
    channel: row.channel,
    to: row.to_address,
    ...(row.from_address !== null && { from: row.from_address }),
    ...(row.subject !== null && { subject: row.subject }),
    text: row.body ?? "",
    handedOverAt: row.handed_over_at,
  };
  return { provider: row.provider, message };
}

interface Row {
  workspace_id: string;
  channel: Channel;
  provider: string;
  to_address: string;
  from_address: string | null;
  subject: string | null;
  body: string | null;
  handed_over_at: Date;
}

/**
 * Takes one of these ids of the provider as that of the message, which is sent then. An id that another message has is left out.
 * Two messages in doubt with the same text to the same address take one after the other, so each id is taken once. While a
 * message like it is in hand, nobody can tell whose id it is.
 */
export async function settleAsSent(
  db: Db,
  { id, workspaceId, channel, to, text }: DoubtfulMessage,
  candidates: readonly string[],
): Promise<"sent" | "none" | "later"> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`doubt ${workspaceId} ${channel} ${to}`}, 0))`.execute(tx);
    const { rows } = await sql<{ in_hand: boolean; free: string | null }>`
      select exists (
          select from contacts c join messages o on o.contact_id = c.id
          where c.workspace_id = ${workspaceId} and ${channel === "sms" ? sql`c.phone_e164 = ${to}` : sql`c.sort_email = lower(${to})`}
            and o.workspace_id = ${workspaceId} and o.channel = ${channel} and o.to_address = ${to} and o.body = ${text}
            and o.status = 'sending' and o.id <> ${id}::uuid) as in_hand,
        (select x.id from unnest(${textArray(candidates)}::text[]) with ordinality as x (id, place)
          where not exists (select from messages k
            where k.workspace_id = ${workspaceId} and k.provider_message_id = x.id and k.id <> ${id}::uuid)
          order by x.place limit 1) as free`.execute(tx);
    const [found] = rows;
    if (found?.in_hand) return "later";
    if (!found?.free) return "none";
    await sql`
      update messages set status = 'sent', provider_message_id = ${found.free}, reason = null, error_message = null,
        sent_at = coalesce(doubt_at, updated_at), updated_at = now()
      where id = ${id}::uuid and status = 'queued' and reason = 'outcome_unknown'`.execute(tx);
    return "sent";
  });
}

/** Whether each of these ids of the provider is that of another message of the workspace. */
export async function areAllKnown(db: Db, { id, workspaceId }: DoubtfulMessage, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const { rows } = await sql<{ known: boolean }>`
    select coalesce(bool_and(exists (select from messages k
      where k.workspace_id = ${workspaceId} and k.provider_message_id = x.id and k.id <> ${id}::uuid)), true) as known
    from unnest(${textArray(ids)}::text[]) as x (id)`.execute(db);
  return rows[0]?.known === true;
}

/** It has not left, so it is a message like any other that waits for its next try. */
export async function settleAsNotLeft(db: Db, { id }: DoubtfulMessage): Promise<void> {
  await sql`update messages set reason = 'provider_unavailable', was_in_doubt = false, doubt_at = null, updated_at = now()
    where id = ${id}::uuid and status = 'queued' and reason = 'outcome_unknown'`.execute(db);
}
