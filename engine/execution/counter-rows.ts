import { sql } from "kysely";
import { isCaptured, isUnreached } from "#contract/executions.ts";
import type { Tx } from "#db/client.ts";
import { numberArray, textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { Ending, MessageOutcome, Reach } from "./chunk.ts";

/** What one execution adds to the counters of its send. */
export interface Progress {
  sendId: string;
  /** How it ended; null while it goes on. */
  status: Ending["status"] | null;
  before: Reach;
  after: Reach;
  tally: readonly MessageOutcome[];
}

/**
 * Adds to the counters of sends what their executions have done, and closes a send whose last execution has ended. The
 * rows of the sends are updated in one order, so that two workers never wait for each other; the row of a send is taken
 * before those of its message counts.
 */
export async function countProgress(tx: Tx, progress: readonly Progress[], clock: Clock): Promise<void> {
  const bySend = Map.groupBy(progress, ({ sendId }) => sendId);
  for (const [sendId, all] of [...bySend].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const count = (status: Ending["status"]) => all.filter((one) => one.status === status).length;
    const reached = all.filter(({ before, after }) => after.reached && !before.reached).length;
    // A contact that was written to in test mode only is reached where a later message leaves.
    const captured = all.filter(({ after }) => isCaptured(after)).length - all.filter(({ before }) => isCaptured(before)).length;
    const ended = all.filter(({ status }) => status !== null);
    const unreached = ended.filter(({ after }) => isUnreached(after)).length;
    const completed = ended.filter(({ status }) => status === "completed");
    const completedUnreached = completed.filter(({ after }) => isUnreached(after)).length;
    const completedCaptured = completed.filter(({ after }) => isCaptured(after)).length;
    const counts = countOutcomes(all.flatMap(({ tally }) => tally));
    const send = sql`
      update flow_sends set completed = completed + ${count("completed")}, failed = failed + ${count("failed")},
        partial_failure = partial_failure + ${count("partial_failure")}, cancelled = cancelled + ${count("cancelled")},
        reached = reached + ${reached}, unreached = unreached + ${unreached}, captured = captured + ${captured},
        completed_unreached = completed_unreached + ${completedUnreached}, completed_captured = completed_captured + ${completedCaptured}
      where id = ${sendId}::uuid`;
    await (counts.length === 0
      ? send
      : sql`
      with counted as (${send} returning id, workspace_id, reached)
      insert into send_message_counts as c (send_id, workspace_id, channel, outcome, reason, count)
      select counted.id, counted.workspace_id, i.channel, i.outcome, i.reason, i.count
      from counted cross join unnest(${textArray(counts.map(({ channel }) => channel))}::text[],
        ${textArray(counts.map(({ outcome }) => outcome))}::text[], ${textArray(counts.map(({ reason }) => reason ?? ""))}::text[],
        ${numberArray(counts.map(({ number }) => number))}::int[]) as i (channel, outcome, reason, count)
      -- A send that is older than these counters has none.
      where counted.reached is not null
      on conflict (send_id, channel, outcome, reason) do update set count = c.count + excluded.count`
    ).execute(tx);
    if (all.some(({ status }) => status !== null)) await closeIfDone(tx, sendId, clock);
  }
}

function countOutcomes(tally: readonly MessageOutcome[]): (MessageOutcome & { number: number })[] {
  const groups = Map.groupBy(tally, ({ channel, outcome, reason }) => `${channel} ${outcome} ${reason}`);
  return [...groups.values()].flatMap((group) => (group[0] ? [{ ...group[0], number: group.length }] : []));
}

/** Closes a send once its whole audience was enrolled and every execution has ended, and nobody more is let in who can be reached now. */
export async function closeIfDone(tx: Tx, sendId: string, clock: Clock): Promise<void> {
  await sql`
    with closed as (
      update flow_sends set state = case when state in ('running', 'canary') then 'done' else state end, ended_at = ${clock.now}, next_at = null
      where id = ${sendId}::uuid and state in ('running', 'canary', 'stopped', 'undone') and ended_at is null and enrolled_at is not null
        and completed + failed + partial_failure + cancelled = enrolled and coalesce(healing ->> 'stage', 'over') = 'over'
      returning id
    )
    delete from private.send_lanes l using closed where l.send_id = closed.id`.execute(tx);
}
