import { sql } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import type { Tx } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { EngineDriver } from "../jobs/driver.ts";
import { dropQueued } from "./message-rows.ts";
import { notifyRelatives } from "./notify-relatives.ts";
import { addToCounters } from "./save-rows.ts";

interface EndContext {
  clock: Clock;
  driver: EngineDriver;
}

/** Ends the executions of `which` of which nothing is under way. Returns their ids. */
export async function endIdleExecutions(
  tx: Tx,
  which: ReturnType<typeof sql>,
  reason: Reason,
  { clock, driver }: EndContext,
): Promise<string[]> {
  const { rows } = await sql<{ id: string; send_id: string; workspace_id: string; parent_waits: boolean }>`
    update flow_executions e set status = 'cancelled', ended_reason = ${reason}, wake_at = null, waiting_for = null,
      completed_at = ${clock.now}, updated_at = now(),
      execution_time = case when started_at is not null then greatest(0, round(extract(epoch from ${clock.now} - started_at) * 1000)) end
    where ${which} and e.status in ('pending', 'running')
      and not exists (select from messages m where m.flow_execution_id = e.id and (m.visit > e.visit or m.status = 'sending'))
      and (e.waiting_for is distinct from 'call' or not exists (
        select from wake_ups w where w.flow_execution_id = e.id and (w.call_lease > ${clock.now} or w.call ? 'answer')))
    returning e.id, e.send_id, e.workspace_id, e.parent_waits`.execute(tx);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  await closeRest(tx, ids, reason, { clock });
  const toEnded = (row: (typeof rows)[number]) => ({
    id: row.id,
    parentWaits: row.parent_waits,
    resumed: "child",
    send: { workspaceId: row.workspace_id },
  });
  await notifyRelatives(tx, rows.map(toEnded), { clock, driver });
  const bySend = Map.groupBy(rows, ({ send_id }) => send_id);
  for (const [sendId, ended] of [...bySend].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await addToCounters(tx, sendId, { completed: 0, failed: 0, partial_failure: 0, cancelled: ended.length }, clock);
  }
  return ids;
}

/** What must not stay open behind executions that were ended: wake-ups, waiting steps, messages that wait for another try. */
async function closeRest(tx: Tx, ids: readonly string[], reason: Reason, { clock }: Pick<EndContext, "clock">): Promise<void> {
  const list = uuidArray(ids);
  await sql`
    with woken as (
      delete from wake_ups where flow_execution_id = any(${list}::uuid[])
    ), unwatched as (
      delete from waits where flow_execution_id = any(${list}::uuid[])
    )
    update flow_execution_steps s set status = 'skipped', reason = ${reason}, completed_at = greatest(${clock.now}, s.started_at)
    where s.flow_execution_id = any(${list}::uuid[]) and s.status in ('waiting', 'running')`.execute(tx);
  await dropQueued(tx, ids);
}
