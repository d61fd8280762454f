import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { ofIds } from "../execution/read-rows.ts";
import { finishStoppedSendJob } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { portionSize, stoppedSendPage } from "../jobs/work-sizes.ts";
import { advanceChunk } from "../pass/advance.ts";
import { findFirstActive, inSeqRange, listActive, readStoppedSend } from "./stopped-send-rows.ts";

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
  const send = await readStoppedSend(db, job.sendId);
  if (!send) return;
  const range = { sendId: job.sendId, from: job.from, to: job.from + stoppedSendPage };
  const ending = { status: "cancelled", reason: send.reason, scope: "idle" } as const;
  await transactThenRing(context, (tx, ring) => endExecutions(tx, inSeqRange(range), ending, { ...context, ring }));
  await breakPoint("stopped-send-page-ended");
  const left = await listActive(db, range);
  for (let i = 0; i < left.length; i += portionSize) {
    await advanceChunk(context, ofIds(left.slice(i, i + portionSize)), { withLeftovers: true });
  }
  const next = job.from + stoppedSendPage;
  if (next < send.enrolled) return driver.wake(db, [finishStoppedSendJob(job.sendId, next)]);
  // The last page is done. The job begins again at the first execution that is left, until none is.
  const first = await findFirstActive(db, job.sendId);
  if (first !== undefined || !send.all_in)
    await driver.wake(db, [finishStoppedSendJob(job.sendId, first ?? send.enrolled, inFlightDelayMs)]);
}
