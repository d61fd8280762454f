import { sql } from "kysely";
import { staysHere } from "#channels/stays-here.ts";
import type { InboundWord } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import type { suppressionSources } from "#contract/suppressions.ts";
import type { Tx } from "#db/client.ts";
import { recordStart } from "#db/queries/consents.ts";
import { refuseForEarlier } from "./earlier-address-rows.ts";

/** A message whose sender is known, with what it asks for. */
export interface WordToObey {
  id: string;
  channel: Channel;
  provider: string;
  from_address: string;
  body: string | null;
  word: InboundWord;
  written_at: Date | null;
}

/** The source of what a member wrote in place of a contact. */
const trial: keyof typeof suppressionSources = "trial";

/**
 * Does at once what a word asks for. STOP closes the number for the whole workspace, whoever has it and whichever of our numbers they
 * answered; where nobody has it any more, it closes the channel of who had it when we last wrote there. What may mean STOP closes for marketing
 * until a person has read it. START takes back what these two did, and nothing else; one that a member wrote in place of the contact, in test
 * mode, takes back only what was written so. One that was written before a STOP and comes behind it takes nothing back, nor does it what the
 * person chose later behind the link of an e-mail.
 */
export async function obeyWord(tx: Tx, workspaceId: string, message: WordToObey): Promise<void> {
  const { id, channel, provider, from_address, body, word, written_at } = message;
  const isTrial = staysHere(provider);
  const entry = sql`insert into suppressions (workspace_id, channel, address, reason, source, detail)`;
  const place = sql`${workspaceId}, ${channel}, lower(${from_address})`;
  // An e-mail takes back the consent to advertising alone, as the link in it does.
  const reason = word === "stop" && channel === "email" ? "unsubscribe" : word;
  const words = word === "maybe_stop" ? (body ?? "").trim().slice(0, 300) : null;
  if (isTrial) {
    // A refusal that closes the address already is more than a trial.
    if (word === "stop" || word === "maybe_stop")
      await sql`${entry} values (${place}, ${reason}, ${trial}, ${words}) on conflict do nothing`.execute(tx);
    if (word === "start")
      await sql`delete from suppressions where (workspace_id, channel, address) = (${place}) and source = ${trial}`.execute(tx);
    return;
  }
  if (word === "stop") {
    await sql`${entry} values (${place}, ${reason}, 'contact', null)
      on conflict (workspace_id, channel, address) do update set reason = excluded.reason, source = 'contact', detail = null
        where suppressions.reason in ('bounced_before', 'manual', 'maybe_stop', 'stop', 'unsubscribe')`.execute(tx);
  }
  if (word === "maybe_stop") {
    await sql`${entry} values (${place}, 'maybe_stop', 'contact', ${words})
      on conflict (workspace_id, channel, address) do update set source = 'contact' where suppressions.source = ${trial}`.execute(tx);
  }
  if (word === "stop" || word === "maybe_stop") await refuseForEarlier(tx, workspaceId, { channel, address: from_address, reason });
  if (word === "start") {
    await sql`delete from suppressions where (workspace_id, channel, address) = (${place}) and reason in ('stop', 'maybe_stop')
      and not exists (select from inbound_messages o
        where o.workspace_id = ${workspaceId} and o.channel = ${channel} and o.from_address = ${from_address} and o.word = 'stop'
          and o.written_at > ${written_at}::timestamptz)
      and not exists (select from contacts c join contact_consents e on e.workspace_id = c.workspace_id and e.contact_id = c.id
        where c.workspace_id = ${workspaceId} and c.phone_e164 = ${from_address} and c.deleted_at is null and e.channel = ${channel}
          and e.state = 'opted_out' and e.source = 'unsubscribe' and e.given_at > ${written_at}::timestamptz)`.execute(tx);
    await recordStart(tx, { workspaceId, messageId: id });
  }
}

/** Whether their own STOP keeps messages from a number. */
export async function hasStopped(tx: Tx, workspaceId: string, number: string): Promise<boolean> {
  const { rows } = await sql`
    select from suppressions where workspace_id = ${workspaceId} and channel = 'sms' and address = ${number} and reason = 'stop'
      and source <> ${trial}`.execute(tx);
  return rows.length > 0;
}
