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

/** Milliseconds until executions with a message in flight are looked at again. */
const inFlightDelayMs = 500;

/**
 * Ends the executions that are left of a send that was stopped or undone, page by page. The stop itself was one update of
 * the send; this job writes the consequence into the rows.
 *
 *   execution with nothing under way → ended here, a page in one statement
 *   execution with a message beyond its cursor, which a worker holds or died with → advanced by the usual pass, which
 *     records what had left and begins nothing new; looked at again later while its provider is being called
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
  // The last page is done. The job begins again at the first execution that is left, until none is.
  const open = await sql<{ seq: number }>`select e.seq from flow_executions e
    where e.send_id = ${job.sendId}::uuid and e.status in ('pending', 'running') order by e.seq limit 1`.execute(db);
  const first = open.rows[0]?.seq;
  if (first !== undefined || !send.all_in)
    await driver.wake(db, [finishStoppedSendJob(job.sendId, first ?? send.enrolled, inFlightDelayMs)]);
}
