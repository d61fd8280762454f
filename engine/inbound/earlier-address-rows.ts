import { type RawBuilder, sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import { addressColumn, addressOf } from "./address-in-use-rows.ts";

/** Whoever had an address longer ago is not taken for the one who writes from it. */
const longestDays = 30;

/** Addresses stand among the words of a message whole, or cut where its text is long. */
const longestWord = 60;

interface Of {
  workspaceId: string;
  channel: RawBuilder<unknown>;
  address: RawBuilder<unknown>;
}

/**
 * The contact to whom the latest message of these weeks to an address went, and the message, as SQL: who had an address that nobody has now.
 * A test message says nothing, because it goes to a phone of ours. Messages are found by the words of the search, in which each stands under
 * its week. That is asked alone (offset 0): beside other conditions the planner walked through all messages of a workspace of which it knew
 * too little, 41 ms instead of 2 for 80,000.
 */
const earlierHolder = ({ workspaceId, channel, address }: Of): RawBuilder<unknown> => {
  const word = sql`left(${address}, ${sql.lit(longestWord)}), length(${address}) <= ${sql.lit(longestWord)}`;
  const inWeek = (ago: number) => sql`private.word_query(private.week_key(now() - ${sql.lit(ago * 7)} * interval '1 day'), ${word})`;
  const weeks = Array.from({ length: Math.ceil(longestDays / 7) + 1 }, (_, ago) => inWeek(ago));
  return sql`
    select c.id as contact_id, l.id as message_id from (
      select id, contact_id from (
        select m.* from messages m
        where private.message_words(m.to_address, m.subject, m.body, m.created_at) @@ (${sql.join(weeks, sql` || `)}) offset 0
      ) went
      where workspace_id = ${workspaceId} and channel = ${channel} and lower(to_address) = lower(${address}) and contact_id is not null and not is_test
        and status in ('sending', 'sent', 'delivered', 'undelivered', 'unknown') and created_at > now() - ${sql.lit(longestDays)} * interval '1 day'
      order by created_at desc limit 1
    ) l
    join contacts c on c.workspace_id = ${workspaceId} and c.id = l.contact_id and c.deleted_at is null`;
};

/** Gives messages that are no contact's of now to who had their address before, with the message that they answer. */
export async function giveToEarlier(
  tx: Tx,
  workspaceId: string,
  ids: readonly string[],
): Promise<{ id: string; contact_id: string; answers_id: string }[]> {
  if (ids.length === 0) return [];
  const of = { workspaceId, channel: sql`r.channel`, address: sql`r.from_address` };
  const { rows } = await sql<{ id: string; contact_id: string; answers_id: string }>`
    update inbound_messages i set contact_id = e.contact_id, answers_id = e.message_id
    from inbound_messages r cross join lateral (${earlierHolder(of)}) e
    where i.id = r.id and r.id = any(${uuidArray(ids)}::uuid[]) and r.contact_id is null
    returning i.id, i.contact_id, i.answers_id`.execute(tx);
  return rows;
}

interface Refusal {
  channel: Channel;
  address: string;
  reason: string;
}

/**
 * Closes the channel of the contact who had an address before, for what comes from there now: as private.move_refusals does where the
 * refusal came before the change (docs/decisions/0068).
 */
export async function refuseForEarlier(tx: Tx, workspaceId: string, refusal: Refusal): Promise<void> {
  const of = { workspaceId, channel: sql`${refusal.channel}::text`, address: sql`${refusal.address}::text` };
  const { rows } = await sql<{ contact_id: string }>`
    select e.contact_id from (${earlierHolder(of)}) e where ${isNobodys(workspaceId, refusal)}`.execute(tx);
  for (const { contact_id } of rows) await refuseNext(tx, workspaceId, contact_id, refusal);
}

/** The same for the contact of a message about which a provider tells that they refused it. */
export async function refuseForMessage(
  tx: Tx,
  workspaceId: string,
  { messageId, reason }: { messageId: string; reason: string },
): Promise<void> {
  const { rows: messages } = await sql<{ contact_id: string; channel: Channel; to_address: string }>`
    select contact_id, channel, to_address from messages
    where workspace_id = ${workspaceId} and id = ${messageId}::uuid and contact_id is not null and to_address is not null and not is_test`.execute(
    tx,
  );
  for (const { contact_id, channel, to_address: address } of messages) {
    const { rows } = await sql`select where ${isNobodys(workspaceId, { channel, address })}`.execute(tx);
    if (rows.length > 0) await refuseNext(tx, workspaceId, contact_id, { channel, address, reason });
  }
}

const isNobodys = (workspaceId: string, { channel, address }: Pick<Refusal, "channel" | "address">) => sql`
  not exists (select from contacts o where o.workspace_id = ${workspaceId} and o.deleted_at is null
    and ${sql.ref(`o.${addressColumn[channel]}`)} = ${addressOf(channel, address)})`;

/** What the contact asked for already stays, and is not written again. */
async function refuseNext(tx: Tx, workspaceId: string, contactId: string, { channel, address, reason }: Refusal): Promise<void> {
  // The lock waits for claims on their way, as lookAtAnew does; a claim that waits for it finds the contact changed.
  await sql`select from contacts where workspace_id = ${workspaceId} and id = ${contactId}::uuid for update`.execute(tx);
  const kept = sql.ref(`${channel}_refused_as`);
  const { rows } = await sql`
    update contacts set ${kept} = ${reason} where workspace_id = ${workspaceId} and id = ${contactId}::uuid
      and coalesce(${kept}, 'maybe_stop') = 'maybe_stop' and ${kept} is distinct from ${reason} returning 1`.execute(tx);
  if (rows.length > 0 && reason !== "maybe_stop")
    await sql`
      insert into contact_consents (workspace_id, contact_id, channel, state, source, address, given_at)
      values (${workspaceId}, ${contactId}::uuid, ${channel}, 'opted_out', 'moved', lower(${address}), now())`.execute(tx);
}
