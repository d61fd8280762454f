import { sql } from "kysely";
import type { Drip } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

export interface LockedDrip {
  /** Null when the drip was taken off the send since the lane was taken. */
  drip: Drip | null;
  /** When the open round began, in milliseconds since 1970; null before the first round. */
  at: number | null;
  /** How many executions have begun in the open round. */
  used: number;
  /** In milliseconds since 1970. */
  now: number;
  /** The workspace's time zone. */
  zone: string;
  enrolled: number;
}

/** Locks a send, so that one lane at a time counts in its round. */
export async function lockDrip(tx: Tx, sendId: string, clock: Clock): Promise<LockedDrip | undefined> {
  const { rows } = await sql<LockedDrip>`
    select s.drip, extract(epoch from s.drip_round_at)::float8 * 1000 as at, s.drip_used as used, s.enrolled,
      extract(epoch from ${clock.now})::float8 * 1000 as now, w.time_zone as zone
    from flow_sends s join workspaces w on w.id = s.workspace_id where s.id = ${sendId}::uuid for no key update of s`.execute(tx);
  return rows[0];
}

/** @param nextAt when the next round begins, in milliseconds since 1970 */
export async function writeNextRound(tx: Tx, sendId: string, nextAt: number): Promise<void> {
  await sql`update flow_sends set next_at = to_timestamp(${nextAt / 1000}::float8) where id = ${sendId}::uuid`.execute(tx);
}

export async function writeRound(tx: Tx, sendId: string, round: { at: number; used: number }): Promise<void> {
  await sql`update flow_sends set drip_round_at = to_timestamp(${round.at / 1000}::float8), drip_used = ${round.used}::int,
    next_at = null where id = ${sendId}::uuid`.execute(tx);
}

/** Writes where the portion of a lane ends, which says that the round has counted it. */
export async function writePortionEnd(tx: Tx, sendId: string, lane: number, upto: number): Promise<void> {
  await sql`update private.send_lanes set upto_seq = ${upto}::int where send_id = ${sendId}::uuid and lane = ${lane}`.execute(tx);
}
