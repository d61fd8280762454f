import { sql } from "kysely";
import type { InboundEvent, ReceivedMessage } from "#channels/inbound-events.ts";
import { numberOfWriter } from "#channels/sms/phone.ts";
import type { Channel } from "#contract/messages.ts";
import { storableText } from "#contract/storable.ts";
import type { Db } from "#db/client.ts";
import { numberArray, textArray, uuidArray } from "../base/array.ts";
import { isAutomaticText } from "./automatic-text.ts";

/** A verified call of a provider, with what it tells. */
export interface InboundCall {
  workspaceId: string;
  channel: Channel;
  provider: string;
  events: readonly InboundEvent[];
}

/** The longest text that is kept of one message. Ten parts of an SMS are 1,600 characters. */
const longestText = 10_000;

/**
 * Stores what a provider tells. What came before is not stored again: the same message, or the same status of a message.
 * Returns whether anything was new.
 */
export async function storeInbound(db: Db, { workspaceId, channel, provider, events }: InboundCall): Promise<boolean> {
  const received = events.filter((event) => event.kind === "received");
  const reports = events.filter((event) => event.kind !== "received");
  const place = sql`${workspaceId}, ${channel}, ${provider}`;
  let stored = 0n;
  if (reports.length > 0) {
    const { numAffectedRows = 0n } = await sql`
      insert into private.delivery_reports (workspace_id, channel, provider, key, report)
      select ${place}, r.key, r.report::jsonb
      from unnest(${textArray(reports.map(keyOf))}::text[], ${textArray(reports.map(toJson))}::text[]) as r (key, report)
      on conflict do nothing`.execute(db);
    stored += numAffectedRows;
  }
  if (received.length > 0) {
    const column = (pick: (message: ReceivedMessage) => string) => textArray(received.map(pick));
    const { numAffectedRows = 0n } = await sql`
      insert into inbound_messages (workspace_id, channel, provider, provider_message_id, from_address, to_address, body, files, automatic,
        provider_answers_help, provider_heard, written_at, answers_id)
      select ${place}, r.id, r.from_address, r.to_address, r.body, r.files, r.automatic, r.answered, r.heard, r.written_at,
        (select m.id from messages m where m.workspace_id = ${workspaceId} and m.channel = ${channel} and m.id = r.answers)
      from unnest(${column((m) => cut(m.providerMessageId))}::text[], ${column((m) => cut(channel === "sms" ? numberOfWriter(m.from) : m.from))}::text[], ${column((m) => cut(m.to))}::text[],
        ${column((m) => storableText(m.text).slice(0, longestText))}::text[], ${numberArray(received.map(({ files }) => Math.max(0, Math.floor(files))))}::int[],
        ${column((m) => String(m.automatic === true || isAutomaticSms(m, channel)))}::boolean[],
        ${column((m) => String(m.providerAnswersHelp === true))}::boolean[],
        ${textArray(received.map(({ providerHeard }) => providerHeard ?? null))}::text[],
        ${textArray(received.map(({ writtenAt }) => writtenAt?.toISOString() ?? null))}::timestamptz[], ${uuidArray(received.map(({ answers }) => answers ?? null))}::uuid[]
      ) as r (id, from_address, to_address, body, files, automatic, answered, heard, written_at, answers)
      on conflict do nothing`.execute(db);
    stored += numAffectedRows;
  }
  return stored > 0n;
}

/** The provider of an e-mail knows it by its headers. An SMS has none, so its words must tell. */
const isAutomaticSms = ({ text }: ReceivedMessage, channel: Channel) => channel === "sms" && isAutomaticText(text);

const cut = (text: string) => storableText(text).slice(0, 200);
const toJson = (event: InboundEvent) => storableText(JSON.stringify(event));

/** A message reports each of its statuses once. */
const keyOf = (event: Exclude<InboundEvent, ReceivedMessage>): string =>
  cut(`${event.providerMessageId} ${event.kind === "delivery" ? event.status : event.kind === "refused" ? event.reason : event.what}`);

/** Workspaces in which something has waited for longer than a moment: the process that stored it has ended. */
export async function listLeftBehind(db: Db): Promise<string[]> {
  const old = sql`handled_at is null and received_at < clock_timestamp() - interval '3 seconds'`;
  const { rows } = await sql<{ workspace_id: string }>`
    select distinct workspace_id from private.delivery_reports where ${old}
    union select distinct workspace_id from inbound_messages where ${old}
    union select distinct workspace_id from inbound_messages where help_due_at < clock_timestamp() - interval '3 seconds'`.execute(db);
  return rows.map(({ workspace_id }) => workspace_id);
}
