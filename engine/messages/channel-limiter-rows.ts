import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

export interface LimitedChannel {
  workspaceId: string;
  channel: Channel;
}

export interface Entry {
  /** How many messages may be handed over now. */
  granted: number;
  /** Milliseconds until it makes sense to ask again. */
  wait_ms: number;
  /** Whether the channel has neither a limit nor failures, so that the next batches need not ask. */
  is_free: boolean;
}

/** After so many failures in a row the circuit breaker opens. When its time is over, one message tries. */
export const failuresToClose = 10;
const firstRestSeconds = 30;
const longestRestSeconds = 600;

/** The entry of a channel without a row: it is neither limited nor closed. */
const open = (wanted: number): Entry => ({ granted: wanted, wait_ms: 0, is_free: true });

/**
 * Takes tokens from the token bucket that all workers share. `private.bucket_filled` refills it: a bucket holds what a
 * second brings, at least one message, so a rate is kept from one second to the next. The database's clock counts.
 */
export async function takeTokens(db: Db, place: LimitedChannel, wanted: number, clock: Clock): Promise<Entry> {
  const { rows } = await sql<Entry>`
    with gate as (
      select workspace_id, channel, per_minute, closed_until, failures,
        private.bucket_filled(tokens, refilled_at, per_minute, ${clock.now}) as filled
      from private.channel_gates where workspace_id = ${place.workspaceId} and channel = ${place.channel} for update
    ), entry as (
      select *, case
        when closed_until > ${clock.now} then 0
        when failures >= ${failuresToClose} then least(1, coalesce(floor(filled), 1))
        else least(${wanted}::int, coalesce(floor(filled), ${wanted}::int)) end as granted
      from gate
    ), paid as (
      update private.channel_gates g set tokens = coalesce(e.filled - e.granted, 0), refilled_at = ${clock.now},
        closed_until = case when e.failures >= ${failuresToClose} and e.granted > 0 then ${clock.now} + interval '5 seconds' else e.closed_until end
      from entry e where g.workspace_id = e.workspace_id and g.channel = e.channel and (e.per_minute is not null or e.failures >= ${failuresToClose})
    )
    select granted::int, per_minute is null and closed_until is null and failures = 0 as is_free, case
        when granted >= ${wanted}::int then 0
        when closed_until > ${clock.now} then extract(epoch from closed_until - ${clock.now}) * 1000
        when per_minute is null then 1000
        else greatest(50, (least(${wanted}::int - granted, greatest(1, per_minute / 60.0)) - (filled - granted)) * 60000.0 / per_minute) end::float8 as wait_ms
    from entry`.execute(db);
  return rows[0] ?? open(wanted);
}

/** The provider has answered: its failures are forgotten, and a closed channel opens. */
export async function reopen(db: Db, place: LimitedChannel): Promise<void> {
  await sql`update private.channel_gates set failures = 0, closed_until = null,
      trouble_reason = null, trouble_text = null, trouble_since = null, troubled_at = null
    where workspace_id = ${place.workspaceId} and channel = ${place.channel} and (failures > 0 or closed_until is not null)`.execute(db);
}

/** Failures in a row, and what the last of them was. */
export interface ChannelFailures {
  count: number;
  /** For how long the provider asked to be left alone; 0 if it did not. */
  restMs: number;
  /** The provider would refuse every message, so the channel is closed after one. */
  pauses: boolean;
  reason: Reason;
  text: string;
}

/**
 * Counts failures in a row. When there are too many the channel is closed, for longer every time. Where the provider asked
 * for a rest, the channel is closed for that long.
 */
export async function countFailures(db: Db, place: LimitedChannel, failed: ChannelFailures, clock: Clock): Promise<void> {
  const { pauses, restMs } = failed;
  const count = (before: RawBuilder<unknown>) =>
    pauses ? sql`greatest(${before} + ${failed.count}::int, ${failuresToClose}::int)` : sql`(${before} + ${failed.count}::int)`;
  const now = count(sql`g.failures`);
  const rest = sql`least(${longestRestSeconds}, ${firstRestSeconds} * power(2, greatest(0, ${now} - ${failuresToClose}) / ${failuresToClose}))`;
  const trouble = failed.count > 0;
  await sql`
    insert into private.channel_gates as g (workspace_id, channel, failures, closed_until, trouble_reason, trouble_text, trouble_since, troubled_at)
    values (${place.workspaceId}, ${place.channel}, ${count(sql`0`)}, case
      when ${restMs}::float8 > 0 then ${clock.now} + ${restMs}::float8 * interval '1 millisecond'
      when ${count(sql`0`)} >= ${failuresToClose} then ${clock.now} + ${firstRestSeconds} * interval '1 second' end,
      ${trouble ? failed.reason : null}::text, ${trouble ? failed.text : null}::text,
      case when ${trouble}::boolean then ${clock.now} end, case when ${trouble}::boolean then ${clock.now} end)
    on conflict (workspace_id, channel) do update set failures = ${now}, closed_until = greatest(g.closed_until,
      ${clock.now} + ${restMs}::float8 * interval '1 millisecond',
      case when ${now} >= ${failuresToClose} then ${clock.now} + ${rest} * interval '1 second' end),
      trouble_reason = coalesce(excluded.trouble_reason, g.trouble_reason), trouble_text = coalesce(excluded.trouble_text, g.trouble_text),
      trouble_since = coalesce(g.trouble_since, excluded.trouble_since), troubled_at = coalesce(excluded.troubled_at, g.troubled_at)`.execute(
    db,
  );
}

/**
 * Lets one message of a channel in trouble try after so many milliseconds. The failures stay counted: if that message fails too, no other has used
 * up a try. Returns whether the channel was in trouble.
 */
export async function openForOne(db: Db, place: LimitedChannel, clock: Clock, afterMs: number): Promise<boolean> {
  const at = sql`(${clock.now} + ${afterMs}::float8 * interval '1 millisecond')`;
  const { numAffectedRows } = await sql`
    update private.channel_gates set closed_until = ${at}, failures = greatest(failures, ${failuresToClose}::int)
    where workspace_id = ${place.workspaceId} and channel = ${place.channel} and (failures > 0 or closed_until > ${at})`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}
