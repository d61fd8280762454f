import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { Ending } from "./chunk.ts";

export interface CountedEnd {
  sendId: string;
  status: Ending["status"];
}

/**
 * Adds endings to the counters of their sends, and closes a send whose last execution has ended. The rows of the sends
 * are updated in one order, so that two workers never wait for each other.
 */
export async function countEndings(tx: Tx, ended: readonly CountedEnd[], clock: Clock): Promise<void> {
  const bySend = Map.groupBy(ended, ({ sendId }) => sendId);
  for (const [sendId, ends] of [...bySend].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const count = (status: Ending["status"]) => ends.filter((end) => end.status === status).length;
    await sql`
      update flow_sends set completed = completed + ${count("completed")}, failed = failed + ${count("failed")},
        partial_failure = partial_failure + ${count("partial_failure")}, cancelled = cancelled + ${count("cancelled")}
      where id = ${sendId}::uuid`.execute(tx);
    await closeIfDone(tx, sendId, clock);
  }
}

/** Closes a send once its whole audience was enrolled and every execution has ended. */
export async function closeIfDone(tx: Tx, sendId: string, clock: Clock): Promise<void> {
  await sql`
    with closed as (
      update flow_sends set state = case when state = 'running' then 'done' else state end, ended_at = ${clock.now}, next_at = null
      where id = ${sendId}::uuid and state in ('running', 'stopped', 'undone') and ended_at is null and enrolled_at is not null
        and completed + failed + partial_failure + cancelled = enrolled
      returning id
    )
    delete from private.send_lanes l using closed where l.send_id = closed.id`.execute(tx);
}
