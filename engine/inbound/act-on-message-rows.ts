import { sql } from "kysely";
import { staysHere } from "#channels/stays-here.ts";
import type { InboundWord } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { EngineContext } from "../engine-context.ts";
import type { Ring } from "../jobs/ring.ts";
import { addressOf, lookAtAnew } from "./address-in-use-rows.ts";
import { noteWriters } from "./conversation-rows.ts";
import { giveToEarlier } from "./earlier-address-rows.ts";
import { promiseAnswers } from "./help-rows.ts";
import { keywordOf } from "./keyword.ts";
import { matchReplies, type ReplyToMatch } from "./match-replies.ts";
import { noteMaybeStop, noteStillStopped } from "./notice-rows.ts";
import { hasStopped, obeyWord } from "./obey-word-rows.ts";

interface Received {
  id: string;
  channel: Channel;
  provider: string;
  from_address: string | null;
  to_address: string;
  body: string | null;
  automatic: boolean;
  provider_heard: "stop" | "start" | null;
  written_at: Date | null;
  /** The address of the message that this one says it answers. A person may answer from another one. */
  answered_address: string | null;
}

/** A message whose sender is known, with what it asks for. */
interface Asked extends Received {
  from_address: string;
  word: InboundWord;
}

/**
 * Acts on the next messages of people, oldest first, in the caller's transaction: it finds who wrote, and does at once what
 * a word of the text asks for, or of an e-mail (obey-word-rows.ts). HELP is answered once a day (answer-help.ts), and so is a word by which
 * the provider lets messages through again and we do not. Everything else that no machine wrote is a reply (match-replies.ts), also a word
 * that may mean STOP or START: it may mean something else.
 *
 * @returns how many there were
 */
export async function actOnMessages(
  tx: Tx,
  { workspaceId, limit, context, ring }: { workspaceId: string; limit: number; context: EngineContext; ring: Ring },
): Promise<number> {
  const { rows } = await sql<Received>`
    select i.id, i.channel, i.provider, i.from_address, i.to_address, i.body, i.automatic, i.provider_heard, i.written_at,
      (select m.to_address from messages m where m.id = i.answers_id and m.workspace_id = i.workspace_id and m.channel = i.channel)
        as answered_address
    from inbound_messages i
    where i.workspace_id = ${workspaceId} and i.handled_at is null order by i.id limit ${limit} for update skip locked`.execute(tx);
  const mayAsk = rows.flatMap((message): Asked[] => {
    const word = wordOf(message);
    return word === null || !message.from_address ? [] : [{ ...message, from_address: message.from_address, word }];
  });
  const closing = Map.groupBy(mayAsk.filter(isRefusal), ({ channel }) => channel);
  for (const [channel, messages] of closing) {
    const addresses = messages.flatMap(refusedAddresses).map((address) => addressOf(channel, address));
    await lookAtAnew(tx, workspaceId, channel, addresses);
  }
  const asked: Asked[] = [];
  for (const message of mayAsk) {
    // To who has not stopped, YES is an answer like others.
    if (message.word === "maybe_start" && !(await hasStopped(tx, workspaceId, message.from_address))) continue;
    asked.push(message);
    for (const address of isRefusal(message) ? refusedAddresses(message) : [message.from_address])
      await obeyWord(tx, workspaceId, { ...message, from_address: address });
    await sql`update inbound_messages set word = ${message.word} where id = ${message.id}::uuid`.execute(tx);
  }
  await promiseAnswers(
    tx,
    workspaceId,
    asked.filter(({ word }) => word === "help" || word === "maybe_start"),
  );
  if (rows.length === 0) return 0;
  const writers = await markHandled(
    tx,
    workspaceId,
    rows.map(({ id }) => id),
  );
  const words = new Map(asked.map(({ id, word }) => [id, word]));
  const replies = rows.flatMap(({ id, channel, to_address: toAddress, automatic }): ReplyToMatch[] => {
    const writer = writers.get(id);
    const word = words.get(id);
    if (!writer?.contact_id || automatic || word === "stop" || word === "start" || word === "help") return [];
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
    asked.flatMap(({ id, channel, word }) => {
      const contactId = writers.get(id)?.contact_id;
      return word === "maybe_stop" && contactId ? [{ contactId, channel }] : [];
    }),
  );
  await noteStillStopped(
    tx,
    workspaceId,
    asked.flatMap(({ id, word, provider }) => {
      const contactId = writers.get(id)?.contact_id;
      return contactId && !staysHere(provider) && (word === "start" || word === "maybe_start") ? [{ contactId, word }] : [];
    }),
  );
  await matchReplies(tx, replies, { workspaceId, context, ring });
  return rows.length;
}

const isRefusal = ({ word }: Asked): boolean => word === "stop" || word === "maybe_stop";

/** The addresses that a refusal is about: the one that wrote, and the one whose message is answered. */
const refusedAddresses = ({ from_address, answered_address }: Asked): string[] =>
  answered_address === null || answered_address.toLowerCase() === from_address.toLowerCase()
    ? [from_address]
    : [from_address, answered_address];

/**
 * A provider that has stopped somebody by a word that we do not know takes nothing for them any more, so it is a STOP for us too. A word by
 * which it lets messages through again may be the answer to a question, such as YES; by START alone we know that it is not. That a machine
 * wrote a text is a guess, and a guess outranks no refusal.
 */
function wordOf({ channel, body, automatic, provider_heard: heard }: Received): InboundWord | null {
  if (heard === "stop") return "stop";
  const word = keywordOf(channel, body ?? "");
  if (automatic) return word === "stop" || word === "maybe_stop" ? word : null;
  return word === null && heard === "start" ? "maybe_start" : word;
}

interface Writer {
  contact_id: string | null;
  answers_id: string | null;
  /** Whether the message itself says which one it answers. */
  named: boolean | null;
}

/**
 * Who wrote: the contact of the message that is answered, where the message names one, from whatever address they write. Otherwise, of several
 * contacts with the number or the e-mail address, the one who was written to last. Where nobody has it any more, the one who had it when the
 * last message went there: what they write answers that one, and none that went to another address.
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
  const strangers = rows.flatMap(({ id, contact_id }) => (contact_id === null ? id : []));
  const given = await giveToEarlier(tx, workspaceId, strangers);
  return new Map([...rows, ...given.map((row) => ({ ...row, named: true }))].map((row) => [row.id, row]));
}
