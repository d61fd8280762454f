import { sql } from "kysely";
import { staysHere } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import type { suppressionSources } from "#contract/suppressions.ts";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { EngineContext } from "../engine-context.ts";
import type { Ring } from "../jobs/ring.ts";
import { lookAtAnew } from "./address-in-use-rows.ts";
import { noteWriters } from "./conversation-rows.ts";
import { promiseHelp } from "./help-rows.ts";
import { type Keyword, readKeyword } from "./keyword.ts";
import { matchReplies, type ReplyToMatch } from "./match-replies.ts";
import { noteMaybeStop } from "./notice-rows.ts";

interface Received {
  id: string;
  channel: Channel;
  provider: string;
  from_address: string | null;
  to_address: string;
  body: string | null;
  automatic: boolean;
}

/** A message whose sender is known, with what it asks for. */
interface Asked extends Received {
  from_address: string;
  word: Keyword;
}

/**
 * Acts on the next messages of people, oldest first, in the caller's transaction: it finds who wrote, and does at once what
 * a word of the text asks for. STOP closes the number for the whole workspace, whoever has it and whichever of our numbers
 * they answered. What may mean STOP closes it until a person has read it. START takes back what these two did, and nothing else; one
 * that a member wrote in place of the contact, in test mode, takes back only what was written so.
 * HELP is answered once a day (answer-help.ts). What is none of these words and no automatic answer is a reply (match-replies.ts). What may mean STOP is one too: it may mean
 * something else.
 *
 * @returns how many there were
 */
export async function actOnMessages(
  tx: Tx,
  { workspaceId, limit, context, ring }: { workspaceId: string; limit: number; context: EngineContext; ring: Ring },
): Promise<number> {
  const { rows } = await sql<Received>`
    select id, channel, provider, from_address, to_address, body, automatic from inbound_messages
    where workspace_id = ${workspaceId} and handled_at is null order by id limit ${limit} for update skip locked`.execute(tx);
  const asked = rows.flatMap((message): Asked[] => {
    const word = message.channel === "sms" && !message.automatic ? readKeyword(message.body ?? "") : null;
    return word === null || !message.from_address ? [] : [{ ...message, from_address: message.from_address, word }];
  });
  const closing = asked.filter(({ word }) => word === "stop" || word === "maybe_stop").map(({ from_address }) => from_address);
  if (closing.length > 0) await lookAtAnew(tx, workspaceId, "sms", closing);
  for (const message of asked) {
    await obey(tx, workspaceId, message);
    await sql`update inbound_messages set word = ${message.word} where id = ${message.id}::uuid`.execute(tx);
  }
  await promiseHelp(
    tx,
    workspaceId,
    asked.filter(({ word }) => word === "help"),
  );
  if (rows.length === 0) return 0;
  const writers = await markHandled(
    tx,
    workspaceId,
    rows.map(({ id }) => id),
  );
  const wordOf = new Map(asked.map(({ id, word }) => [id, word]));
  const replies = rows.flatMap(({ id, channel, to_address: toAddress, automatic }): ReplyToMatch[] => {
    const writer = writers.get(id);
    const word = wordOf.get(id);
    if (!writer?.contact_id || automatic || (word !== undefined && word !== "maybe_stop")) return [];
    return [{ id, channel, toAddress, contactId: writer.contact_id, answersId: writer.answers_id, namesIt: writer.named === true }];
  });
  await noteWriters(
    tx,
    workspaceId,
    rows.flatMap(({ id, automatic }) => {
      const contactId = writers.get(id)?.contact_id;
      return contactId ? [{ contactId, automatic }] : [];
    }),
  );
  await noteMaybeStop(
    tx,
    workspaceId,
    asked.flatMap(({ id, word }) => (word === "maybe_stop" ? (writers.get(id)?.contact_id ?? []) : [])),
  );
  await matchReplies(tx, replies, { workspaceId, context, ring });
  return rows.length;
}

async function obey(tx: Tx, workspaceId: string, { channel, provider, from_address, body, word }: Asked): Promise<void> {
  const isTrial = staysHere(provider);
  const entry = sql`insert into suppressions (workspace_id, channel, address, reason, source, detail)`;
  const place = sql`${workspaceId}, ${channel}, lower(${from_address})`;
  const words = word === "maybe_stop" ? (body ?? "").trim().slice(0, 300) : null;
  if (isTrial) {
    // Whatever closes the address already is more than a trial.
    if (word === "stop" || word === "maybe_stop")
      await sql`${entry} values (${place}, ${word}, ${trial}, ${words}) on conflict do nothing`.execute(tx);
    if (word === "start")
      await sql`delete from suppressions where (workspace_id, channel, address) = (${place}) and source = ${trial}`.execute(tx);
    return;
  }
  if (word === "stop") {
    await sql`${entry} values (${place}, 'stop', 'contact', null)
      on conflict (workspace_id, channel, address) do update set reason = 'stop', source = 'contact', detail = null
        where suppressions.reason in ('bounced_before', 'manual', 'maybe_stop', 'stop')`.execute(tx);
  }
  if (word === "maybe_stop") {
    await sql`${entry} values (${place}, 'maybe_stop', 'contact', ${words})
      on conflict (workspace_id, channel, address) do update set source = 'contact' where suppressions.source = ${trial}`.execute(tx);
  }
  if (word === "start")
    await sql`delete from suppressions where (workspace_id, channel, address) = (${place}) and reason in ('stop', 'maybe_stop')`.execute(
      tx,
    );
}

/** The source of what a member wrote in place of a contact. */
const trial: keyof typeof suppressionSources = "trial";

interface Writer {
  contact_id: string | null;
  answers_id: string | null;
  /** Whether the message itself says which one it answers. */
  named: boolean | null;
}

/**
 * Who wrote: the contact of the message that is answered, where the message names one, from whatever address they write. Otherwise, of several
 * contacts with the number or the e-mail address, the one who was written to last.
 */
async function markHandled(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Writer>> {
  const { rows } = await sql<Writer & { id: string }>`
    update inbound_messages i set handled_at = clock_timestamp(), contact_id = w.contact_id, answers_id = w.message_id
    from inbound_messages r left join lateral (
      (select c.id as contact_id, m.id as message_id, true as named from messages m
        join contacts c on c.workspace_id = ${workspaceId} and c.id = m.contact_id and c.deleted_at is null
        where m.id = r.answers_id and m.workspace_id = ${workspaceId})
      union all
      (select c.id, m.id, false from (
        select id from contacts
        where r.channel = 'sms' and workspace_id = ${workspaceId} and phone_e164 = r.from_address and deleted_at is null
        union all
        select id from contacts
        where r.channel = 'email' and workspace_id = ${workspaceId} and sort_email = lower(r.from_address) and deleted_at is null
      ) c
      left join lateral (
        select id, created_at from messages where contact_id = c.id and channel = r.channel and lower(to_address) = lower(r.from_address)
        order by created_at desc limit 1) m on true
      order by m.created_at desc nulls last, c.id limit 1)
      order by named desc limit 1
    ) w on true
    where i.id = r.id and r.id = any(${uuidArray(ids)}::uuid[])
    returning i.id, i.contact_id, i.answers_id, w.named`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}
