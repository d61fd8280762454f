import { sql } from "kysely";
import type { DeliveryReport, RefusedReport, UnclearReport } from "#channels/inbound-events.ts";
import type { Channel, MessageStatus } from "#contract/messages.ts";
import type { ReportStatus } from "#contract/proof.ts";
import type { Db, Tx } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";

export interface StoredReport {
  id: string;
  channel: Channel;
  provider: string;
  report: DeliveryReport | RefusedReport | UnclearReport;
  received_at: Date;
}

/**
 * Takes the next reports of a workspace, oldest first, and marks them as handled: they are, if this transaction commits. What is kept of
 * one is its key, by which it is known when it comes again: its words and addresses are about a person, and stand with the message.
 */
export async function takeReports(tx: Tx, { workspaceId, limit }: { workspaceId: string; limit: number }): Promise<StoredReport[]> {
  const { rows } = await sql<StoredReport>`
    with next as materialized (
      select id, report from private.delivery_reports where workspace_id = ${workspaceId} and handled_at is null
      order by id limit ${limit} for update skip locked
    )
    update private.delivery_reports r set handled_at = clock_timestamp(), report = '{}' from next where r.id = next.id
    returning r.id, r.channel, r.provider, next.report, r.received_at`.execute(tx);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The sum of the reports on one message. */
export interface Told {
  channel: Channel;
  /** Our id of it. */
  messageId: string;
  providerMessageId: string;
  /** Null while the message is only taken or handed on. */
  final: "delivered" | "undelivered" | null;
  reason: string | null;
  errorMessage: string | null;
  at: Date;
}

export interface ToldMessage {
  id: string;
  channel: Channel;
  contact_id: string | null;
  flow_execution_id: string | null;
  to_address: string | null;
  /** The one of ours from which it left. */
  from_address: string | null;
  /** The status that it had. */
  before: MessageStatus;
  provider_message_id: string;
}

/**
 * Writes what became of messages. A status moves forward only: what is final stays, whatever comes later or comes again. A
 * provider that reports on a message has it, so one of which nobody knew whether it left is known to be sent, and one that
 * was to be sent once more is not.
 */
export async function applyTold(tx: Tx, workspaceId: string, told: readonly Told[]): Promise<ToldMessage[]> {
  if (told.length === 0) return [];
  const column = (pick: (one: Told) => string | null) => textArray(told.map(pick));
  const isFinal = sql`t.before in ('delivered', 'undelivered')`;
  // What a provider says of a contact that was erased meanwhile is not kept.
  const isKnown = sql`(m.contact_id is not null or m.flow_execution_id is null)`;
  const { rows } = await sql<ToldMessage>`
    with told as (
      select * from unnest(${uuidArray(told.map(({ messageId }) => messageId))}::uuid[], ${column((t) => t.providerMessageId)}::text[],
        ${column((t) => t.channel)}::text[], ${column((t) => t.final)}::text[], ${column((t) => t.reason)}::text[],
        ${column((t) => t.errorMessage)}::text[], ${column((t) => t.at.toISOString())}::timestamptz[]
      ) as t (message_id, provider_message_id, channel, final, reason, error_message, at)
    ), target as materialized (
      select t.*, m.id, m.status as before from told t
      cross join lateral (
        select id, status from messages
        where id = t.message_id and workspace_id = ${workspaceId} and messages.channel = t.channel for update offset 0
      ) m
    )
    update messages m set
      status = case when ${isFinal} then m.status else coalesce(t.final, 'sent') end,
      reason = case when ${isFinal} then m.reason else t.reason end,
      error_message = case when ${isFinal} then m.error_message when ${isKnown} then t.error_message end,
      provider_message_id = case when ${isKnown} then coalesce(m.provider_message_id, t.provider_message_id) end,
      sent_at = coalesce(m.sent_at, t.at),
      delivered_at = case when not ${isFinal} and t.final = 'delivered' then t.at else m.delivered_at end,
      lease_until = null, updated_at = now()
    from target t where m.id = t.id
    returning m.id, m.channel, m.contact_id, m.flow_execution_id, m.to_address, m.from_address, t.before, t.provider_message_id`.execute(
    tx,
  );
  return rows;
}

/** One report, as it is kept with its message. */
export interface KeptReport {
  messageId: string;
  provider: string;
  status: ReportStatus;
  reason: string | null;
  error: string | null;
  at: Date;
}

/** Keeps each report with its message, if that is one of the workspace. What a provider says of a contact that was erased meanwhile is not kept. */
export async function keepReports(tx: Tx, workspaceId: string, reports: readonly KeptReport[]): Promise<void> {
  if (reports.length === 0) return;
  const column = (pick: (one: KeptReport) => string | null) => textArray(reports.map(pick));
  await sql`
    insert into message_reports (workspace_id, message_id, provider, status, reason, error_message, received_at)
    select m.workspace_id, m.id, r.provider, r.status, r.reason, case when m.contact_id is not null or m.flow_execution_id is null then r.error end, r.at
    from unnest(${uuidArray(reports.map(({ messageId }) => messageId))}::uuid[], ${column((r) => r.provider)}::text[], ${column((r) => r.status)}::text[],
      ${column((r) => r.reason)}::text[], ${column((r) => r.error)}::text[], ${column(({ at }) => at.toISOString())}::timestamptz[])
      with ordinality as r (message_id, provider, status, reason, error, at, place)
    join messages m on m.id = r.message_id and m.workspace_id = ${workspaceId} order by r.place`.execute(tx);
}

/** Our messages by the provider's ids of them, for providers that do not send our id back. */
export async function findByProviderIds(db: Db, workspaceId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; provider_message_id: string }>`
    select id, provider_message_id from messages
    where workspace_id = ${workspaceId} and provider_message_id = any(${textArray(ids)}::text[])`.execute(db);
  return new Map(rows.map(({ id, provider_message_id }) => [provider_message_id, id]));
}

/** How many messages to this contact at this address came back with this reason. */
export async function countReturned(
  db: Db,
  { contactId, address, reason }: { contactId: string; address: string; reason: string },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from messages
    where contact_id = ${contactId}::uuid and to_address = ${address} and status = 'undelivered' and reason = ${reason}`.execute(db);
  return rows[0]?.count ?? 0;
}

/**
 * Closes the addresses to which these messages went, for a person who has refused them at the provider, and writes it into the consent of
 * their contacts. Nothing but the person undoes it.
 */
export async function closeForRefused(
  tx: Tx,
  {
    workspaceId,
    channel,
    messageIds,
    reason,
  }: { workspaceId: string; channel: Channel; messageIds: readonly string[]; reason: RefusedReport["reason"] },
): Promise<void> {
  await sql`
    with told as materialized (
      select distinct on (lower(m.to_address)) lower(m.to_address) as address, m.contact_id from messages m
      where m.workspace_id = ${workspaceId} and m.channel = ${channel} and m.id = any(${uuidArray(messageIds)}::uuid[]) and m.to_address is not null
    ), noted as (
      insert into contact_consents (workspace_id, contact_id, channel, state, source, address, given_at)
      select ${workspaceId}, c.id, ${channel}, 'opted_out', ${reason}, t.address, now()
      from told t join contacts c on c.workspace_id = ${workspaceId} and c.id = t.contact_id
    )
    insert into suppressions (workspace_id, channel, address, reason, source)
    select ${workspaceId}, ${channel}, address, ${reason}, 'contact' from told
    on conflict (workspace_id, channel, address) do update set reason = excluded.reason, source = 'contact', detail = null
      where suppressions.reason in ('bounced_before', 'manual', 'maybe_stop') or suppressions.source in ('decided', 'undecided')
        or (excluded.reason = 'complaint' and suppressions.reason = 'unsubscribe')`.execute(tx);
}

/**
 * Makes executions due that wait to learn whether their message left. Those that another transaction holds are passed over:
 * they look by themselves when their time comes.
 */
export async function wakeWaiting(
  tx: Tx,
  executionIds: readonly string[],
  now: ReturnType<typeof sql>,
): Promise<{ workspace_id: string }[]> {
  const { rows } = await sql<{ workspace_id: string }>`
    with soon as materialized (
      select w.flow_execution_id as id, w.workspace_id from wake_ups w
      join flow_executions e on e.id = w.flow_execution_id
      where w.flow_execution_id = any(${uuidArray(executionIds)}::uuid[]) and w.turn_id is null and e.waiting_for = 'capacity' and w.due_at > ${now}
      for update of w, e skip locked
    ), moved as (
      update flow_executions e set wake_at = ${now} from soon where e.id = soon.id
    )
    update wake_ups w set due_at = ${now} from soon where w.flow_execution_id = soon.id
    returning w.workspace_id`.execute(tx);
  return rows;
}
