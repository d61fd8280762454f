import type { SqlBool } from "kysely";
import { sql } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { finishStoppedSendJob } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { portionSize, stoppedSendPage } from "../jobs/work-sizes.ts";
import { advanceChunk } from "../pass/advance.ts";

/** How soon to ask again about those whose message is in flight. */
const inFlightDelayMs = 500;

/**
 * Ends what is left of a send that was stopped or undone, page by page. The stop itself is the one update of the send;
 * this only writes it into the rows.
 *
 *   nothing of it under way → ended here, all at once
 *   a message beyond the cursor (a worker has it in hand, or died with it) → advanced by the usual pass, which
 *     records what had left and begins nothing new; while its provider is still being called: asked again later
 */
export async function finishStoppedSend(context: EngineContext, job: { sendId: string; from: number }): Promise<void> {
  const { db, driver } = context;
  const { rows } = await sql<{ reason: Reason; enrolled: number; all_in: boolean }>`
    select case state when 'undone' then 'undone' else 'send_stopped' end as reason, enrolled, enrolled_at is not null as all_in
    from flow_sends where id = ${job.sendId}::uuid and state in ('stopped', 'undone') and ended_at is null`.execute(db);
  const [send] = rows;
  if (!send) return;
  const page = sql<SqlBool>`e.send_id = ${job.sendId}::uuid and e.seq >= ${job.from} and e.seq < ${job.from + stoppedSendPage}`;
  const ending = { status: "cancelled", reason: send.reason, scope: "idle" } as const;
  await transactThenRing(context, (tx, ring) => endExecutions(tx, page, ending, { ...context, ring }));
  await breakPoint("stopped-send-page-ended");
  const left = await sql<{ id: string }>`select e.id from flow_executions e
    where ${page} and e.status in ('pending', 'running') order by e.seq`.execute(db);
  for (let i = 0; i < left.rows.length; i += portionSize) {
    await advanceChunk(context, ofIds(left.rows.slice(i, i + portionSize).map(({ id }) => id)), { withLeftovers: true });
  }
  const next = job.from + stoppedSendPage;
  if (next < send.enrolled) return driver.wake(db, [finishStoppedSendJob(job.sendId, next)]);
  // At its end: once more from the first one that is left, until nobody is.
  const open = await sql<{ seq: number }>`select e.seq from flow_executions e
    where e.send_id = ${job.sendId}::uuid and e.status in ('pending', 'running') order by e.seq limit 1`.execute(db);
  const first = open.rows[0]?.seq;
  if (first !== undefined || !send.all_in)
    await driver.wake(db, [finishStoppedSendJob(job.sendId, first ?? send.enrolled, inFlightDelayMs)]);
}
