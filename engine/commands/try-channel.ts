import { sql } from "kysely";
import type { EngineContext } from "../engine-context.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { LimitedChannel } from "../messages/channel-limiter-rows.ts";
import { openForOne } from "../messages/channel-limiter-rows.ts";
import { retrySeconds } from "../messages/message-outcome.ts";

/** Executions that are made due at once. The others follow by their own times when the provider answers again. */
const hurriedAtMost = 5_000;
/** Seconds. Nothing that a channel in trouble holds back waits longer than this for its next look. */
const longestWait = Math.max(...retrySeconds);

/**
 * Lets a channel in trouble try now instead of at its time, and makes due what waits for it. One message tries; the others
 * follow when it was taken. Returns whether the channel was in trouble.
 */
export async function tryChannel(context: EngineContext, place: LimitedChannel): Promise<boolean> {
  const { clock } = context;
  const { workspaceId } = place;
  return transactThenRing(context, async (tx, ring) => {
    if (!(await openForOne(tx, place, clock))) return false;
    await sql`
      with soon as materialized (
        select w.flow_execution_id as id from wake_ups w
        cross join lateral (select waiting_for from flow_executions where id = w.flow_execution_id offset 0) e
        where w.workspace_id = ${workspaceId} and w.turn_id is null and e.waiting_for = 'capacity'
          and w.due_at > ${clock.now} and w.due_at <= ${clock.now} + ${longestWait} * interval '1 second'
        order by w.due_at limit ${hurriedAtMost} for update of w skip locked
      ), moved as (
        update flow_executions e set wake_at = ${clock.now} from soon where e.id = soon.id and e.waiting_for = 'capacity'
      )
      update wake_ups w set due_at = ${clock.now} from soon where w.flow_execution_id = soon.id`.execute(tx);
    // A lane of a send that drips or begins at a time of its own keeps that time.
    await sql`
      update private.send_lanes l set ready_at = ${clock.now} from flow_sends s
      where s.id = l.send_id and l.workspace_id = ${workspaceId} and s.state in ('enrolling', 'running') and s.drip is null and s.start is null
        and (s.undo_until is null or s.undo_until <= ${clock.now}) and l.turn_id is null and l.ready_at > ${clock.now} and l.ready_at <= ${clock.now} + ${longestWait} * interval '1 second'`.execute(
      tx,
    );
    ring([...turnJobs(workspaceId, { quick: true }), ...turnJobs(workspaceId, { quick: false })]);
    return true;
  });
}
