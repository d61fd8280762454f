import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { numberArray, textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

/** The lease of a claimed message. A worker whose call takes longer renews it. */
export const leaseSeconds = 8;
/** Until when a message that is claimed now is in the hands of its worker. */
export const leaseUntil = (clock: Clock) => sql`${clock.now} + ${leaseSeconds} * interval '1 second'`;
/** A message that an earlier version wrote by hand has no lease. */
export const leaseEnd = sql`coalesce(m.lease_until, m.created_at + interval '1 minute')`;

/**
 * The result of one call. `queued` means that the message will be tried again, because nothing was sent or, with the reason
 * `outcome_unknown`, because the workspace wants messages in doubt to be sent once more.
 */
export interface MessageResult {
  messageId: string;
  /** The try to which this is the answer. */
  attempt: number;
  status: "sent" | "failed" | "unknown" | "queued";
  reason: Reason | null;
  errorMessage: string | null;
  /** Null where the provider uses our own id: storing it would tell nothing and cost a write to its index. */
  providerMessageId: string | null;
}

/**
 * Whether the contact of the message is still there. What a provider says of a contact that was deleted meanwhile is not kept. A message
 * that was tried out has none.
 */
const isKnown = sql`(m.contact_id is not null or m.is_test and m.flow_execution_id is null)`;

/**
 * The update that writes results, as a piece of a larger statement. A message that was given up as unknown may still become
 * known, because the answer of the call is the truth and the lease was only a guess. If an earlier try turns out to have
 * been sent, a message that was to be sent once more becomes `sent`. Any other late answer to an earlier try is ignored.
 */
export function writeResults(results: readonly MessageResult[], clock: Clock) {
  const column = <T>(pick: (result: MessageResult) => T) => results.map(pick);
  return sql`
    update messages m set status = r.status, reason = r.reason, error_message = case when ${isKnown} then r.error_message end,
      provider_message_id = case when ${isKnown} then r.provider_message_id end, lease_until = null, updated_at = now(),
      was_in_doubt = m.was_in_doubt or r.reason is not distinct from 'outcome_unknown',
      doubt_at = case when r.reason = 'outcome_unknown' then ${clock.now} else m.doubt_at end,
      sent_at = case when r.status = 'sent' then ${clock.now} end,
      -- Nobody was written to, so the address is free for another contact of the send.
      address_scope = case when r.status = 'failed' then null else m.address_scope end
    from unnest(${uuidArray(column((r) => r.messageId))}::uuid[], ${textArray(column((r) => r.status))}::text[],
      ${textArray(column((r) => r.reason))}::text[], ${textArray(column((r) => r.errorMessage))}::text[],
      ${textArray(column((r) => r.providerMessageId))}::text[], ${numberArray(column((r) => r.attempt))}::int[]
    ) as r (id, status, reason, error_message, provider_message_id, attempt)
    where m.id = r.id and (m.status in ('sending', 'unknown') and m.attempt = r.attempt
      or m.was_in_doubt and r.status = 'sent' and m.status in ('queued', 'sending', 'unknown'))`;
}

export async function saveResults(db: Db, results: readonly MessageResult[], clock: Clock): Promise<void> {
  if (results.length > 0) await writeResults(results, clock).execute(db);
}

/** A message that may have left at an earlier try is closed as unknown, not as failed. */
const droppedAs = sql`case when m.was_in_doubt then 'unknown' else 'failed' end`;
/** It keeps its address from the other contacts of the send only if it may have left. */
const scopeLeft = sql`case when m.was_in_doubt then m.address_scope end`;
const reasonOr = (reason: RawBuilder<unknown>) => sql`case when m.was_in_doubt then 'outcome_unknown' else ${reason} end`;

/** Closes messages that wait for another try at these visits, because there will be none. */
export async function dropMessages(db: Db, dropped: readonly { executionId: string; visit: number; reason: Reason }[]): Promise<void> {
  if (dropped.length === 0) return;
  await sql`
    update messages m set status = ${droppedAs}, reason = ${reasonOr(sql`d.reason`)}, lease_until = null, address_scope = ${scopeLeft},
      updated_at = now()
    from unnest(${uuidArray(dropped.map(({ executionId }) => executionId))}::uuid[], ${numberArray(dropped.map(({ visit }) => visit))}::int[],
      ${textArray(dropped.map(({ reason }) => reason))}::text[]) as d (execution_id, visit, reason)
    where m.flow_execution_id = d.execution_id and m.visit = d.visit and m.status = 'queued'`.execute(db);
}

/** Renews the leases of messages whose calls take long. */
export async function renewLeases(db: Db, messageIds: readonly string[], clock: Clock): Promise<void> {
  await sql`update messages set lease_until = ${leaseUntil(clock)}
    where id = any(${uuidArray(messageIds)}::uuid[]) and status = 'sending'`.execute(db);
}

/** What a message was given up as. `unknown`: held until a person decides. `queued`: to be looked up or sent once more. */
export interface GivenUp {
  status: "unknown" | "queued";
  doubtAt: Date;
}

/**
 * Gives up on messages whose lease has run out: their worker was about to call or had called, and nobody can tell which.
 * Sending again could be sending twice, so they are held, unless their provider may tell whether it has them, or the
 * workspace has chosen that they are sent once more. Returns the messages that were given up, and as what.
 */
export async function giveUpMessages(
  db: Db,
  lost: readonly { id: string; mayLookUp: boolean }[],
  clock: Clock,
): Promise<ReadonlyMap<string, GivenUp>> {
  const { rows } = await sql<{ id: string; status: GivenUp["status"]; doubt_at: Date }>`
    with lost as (
      select * from unnest(${uuidArray(lost.map(({ id }) => id))}::uuid[], ${textArray(lost.map(({ mayLookUp }) => String(mayLookUp)))}::boolean[])
        as l (id, may_look_up)
    )
    update messages m set reason = 'outcome_unknown', lease_until = null, was_in_doubt = true, updated_at = now(),
      -- Its worker was last seen when it claimed the message or renewed its lease, which may be long ago. One of no execution was handed
      -- over as soon as it was written.
      doubt_at = case when m.flow_execution_id is null then m.created_at else m.lease_until - ${leaseSeconds} * interval '1 second' end,
      status = case when not m.was_in_doubt and (lost.may_look_up or
        case m.channel when 'email' then w.email_in_doubt else w.sms_in_doubt end = 'resend') then 'queued' else 'unknown' end
    from workspaces w, lost
    where m.id = lost.id and m.status = 'sending' and ${leaseEnd} <= ${clock.now} and w.id = m.workspace_id
    returning m.id, m.status, m.doubt_at`.execute(db);
  return new Map(rows.map(({ id, status, doubt_at }) => [id, { status, doubtAt: doubt_at }]));
}

export interface ClosedAddress {
  address: string;
  /** The provider's words, without the address. */
  detail: string;
}

/**
 * Puts addresses that do not exist, says the provider, on the suppression list, so that no contact is written to there. An
 * address whose contact was erased while the provider was asked is not kept; that of a contact in the bin is.
 */
export async function suppressAddresses(
  db: Db,
  { workspaceId, channel, dead }: { workspaceId: string; channel: string; dead: readonly ClosedAddress[] },
): Promise<void> {
  const isKnown = sql`c.workspace_id = ${workspaceId} and ${channel === "sms" ? sql`c.phone_e164 = d.address` : sql`c.sort_email = lower(d.address)`}`;
  // Asked twice, because contacts and the bin have indexes of their own.
  await sql`insert into suppressions (workspace_id, channel, address, reason, source, detail)
    select ${workspaceId}, ${channel}, lower(d.address), 'bounced_before', 'provider', d.detail
    from unnest(${textArray(dead.map(({ address }) => address))}::text[], ${textArray(dead.map(({ detail }) => detail))}::text[])
      as d (address, detail)
    where exists (select from contacts c where ${isKnown} and c.deleted_at is null)
      or exists (select from contacts c where ${isKnown} and c.deleted_at is not null)
    on conflict do nothing`.execute(db);
}

/**
 * Puts addresses on the suppression list whose owners have refused messages, as the provider knows it: it takes nothing for them. They stay
 * closed until their owner asks for messages again, at the same sender.
 */
export async function suppressRefused(
  db: Db,
  { workspaceId, channel, refused }: { workspaceId: string; channel: string; refused: readonly ClosedAddress[] },
): Promise<void> {
  if (refused.length === 0) return;
  await sql`insert into suppressions (workspace_id, channel, address, reason, source, detail)
    select distinct on (lower(r.address)) ${workspaceId}, ${channel}, lower(r.address), 'stop', 'provider', r.detail
    from unnest(${textArray(refused.map(({ address }) => address))}::text[], ${textArray(refused.map(({ detail }) => detail))}::text[]) as r (address, detail)
    order by lower(r.address)
    on conflict (workspace_id, channel, address) do update set reason = 'stop', source = 'provider', detail = excluded.detail
      where suppressions.reason in ('bounced_before', 'manual', 'maybe_stop') or suppressions.source in ('trial', 'decided', 'undecided')`.execute(
    db,
  );
}

/** Closes messages that wait for another try, of executions that have ended. */
export async function dropQueued(db: Db, ids: readonly string[]): Promise<void> {
  await sql`
    update messages m set status = ${droppedAs}, reason = ${reasonOr(sql`e.ended_reason`)}, lease_until = null, address_scope = ${scopeLeft},
      updated_at = now()
    from flow_executions e
    where m.flow_execution_id = any(${uuidArray(ids)}::uuid[]) and m.status = 'queued' and e.id = m.flow_execution_id`.execute(db);
}

/**
 * Holds messages that are in flight while their executions are ended: nobody can tell what becomes of the calls. A worker
 * that lives to hear the answer still writes it (see writeResults).
 */
export async function holdSending(db: Db, ids: readonly string[]): Promise<void> {
  await sql`
    update messages m set status = 'unknown', reason = 'outcome_unknown', lease_until = null, updated_at = now()
    where m.flow_execution_id = any(${uuidArray(ids)}::uuid[]) and m.status = 'sending'`.execute(db);
}
