import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { retrySeconds } from "../messages/message-outcome.ts";

/** Executions that are made due at once. The others follow by their own times when the provider answers again. */
const hurriedAtMost = 5_000;
/** Seconds. Nothing that a channel in trouble holds back waits longer than this for its next look. */
const longestWait = Math.max(...retrySeconds);

const after = (clock: Clock, ms: number) => sql`(${clock.now} + ${ms}::float8 * interval '1 millisecond')`;

/** Makes executions due that wait for a channel to take messages. Those that another transaction holds are passed over. */
export async function hurryWakeUps(tx: Tx, workspaceId: string, clock: Clock, afterMs: number): Promise<void> {
  await sql`
    with soon as materialized (
      select w.flow_execution_id as id from wake_ups w
      cross join lateral (select waiting_for from flow_executions where id = w.flow_execution_id offset 0) e
      where w.workspace_id = ${workspaceId} and w.turn_id is null and e.waiting_for = 'capacity'
        and w.due_at > ${clock.now} and w.due_at <= ${clock.now} + ${longestWait} * interval '1 second'
      order by w.due_at limit ${hurriedAtMost} for update of w skip locked
    ), moved as (
      update flow_executions e set wake_at = ${after(clock, afterMs)} from soon where e.id = soon.id and e.waiting_for = 'capacity'
    )
    update wake_ups w set due_at = ${after(clock, afterMs)} from soon where w.flow_execution_id = soon.id`.execute(tx);
}

/** Wake-ups that are looked through for those that wait for a sender: the ones that are due first. */
const lookedThrough = 20_000;

/**
 * What was told to those who wait for a sender is forgotten: they are about to ask again, and would be told a moment behind the one that
 * they were told before.
 */
const forgetTold = (tx: Tx, workspaceId: string) =>
  sql`update private.sender_paces set state = state || '{"lines": {}}' where workspace_id = ${workspaceId} and state ? 'lines'`.execute(tx);

/**
 * Makes executions due that wait for their sender, so that a pace that was changed holds for them too. Those that are due last keep
 * their time where there are very many.
 */
export async function hurryPaced(tx: Tx, workspaceId: string, clock: Clock, afterMs: number): Promise<void> {
  await sql`
    with next as materialized (
      select w.flow_execution_id as id, w.due_at from wake_ups w
      where w.workspace_id = ${workspaceId} and w.turn_id is null and w.due_at > ${after(clock, afterMs)} order by w.due_at limit ${lookedThrough}
    ), paced as materialized (
      select next.id from next
      cross join lateral (select waiting_for from flow_executions where id = next.id offset 0) e
      where e.waiting_for = 'pace' order by next.due_at limit ${hurriedAtMost}
    ), soon as materialized (
      select w.flow_execution_id as id from wake_ups w where w.flow_execution_id in (select id from paced) and w.turn_id is null for update skip locked
    ), moved as (
      update flow_executions e set wake_at = ${after(clock, afterMs)} from soon where e.id = soon.id and e.waiting_for = 'pace'
    )
    update wake_ups w set due_at = ${after(clock, afterMs)} from soon where w.flow_execution_id = soon.id`.execute(tx);
  await forgetTold(tx, workspaceId);
}

/** Makes lanes ready. A lane of a send that drips or begins at a time of its own keeps that time. */
export async function hurryLanes(tx: Tx, workspaceId: string, clock: Clock, afterMs: number): Promise<void> {
  await sql`
    update private.send_lanes l set ready_at = ${after(clock, afterMs)} from flow_sends s
    where s.id = l.send_id and l.workspace_id = ${workspaceId} and s.state in ('enrolling', 'running') and s.drip is null and s.start is null
      and (s.undo_until is null or s.undo_until <= ${clock.now}) and l.turn_id is null and l.ready_at > ${clock.now} and l.ready_at <= ${clock.now} + ${longestWait} * interval '1 second'`.execute(
    tx,
  );
}
