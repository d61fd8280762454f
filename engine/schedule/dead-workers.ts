import type { EngineContext } from "../engine-context.ts";
import { findLastEnrolled } from "../enrollment/enroll-page-rows.ts";
import { bulkJob, enrollJob, finishStoppedSendJob, forecastJob, healJob, moveJob } from "../jobs/jobs.ts";
import { listIdleBulkWorkspaces } from "./lost-bulk-rows.ts";
import { listIdleForecasts } from "./lost-forecast-rows.ts";
import { settleLostMessages } from "./lost-messages.ts";
import { listHealing, listUnfinished } from "./lost-send-rows.ts";
import { listIdleMoves } from "./move-job-rows.ts";
import { beginPlannedSends } from "./planned-sends.ts";
import { endLostTurns, endTurnsOfTheDead } from "./turn-rows.ts";
import type { WorkerIdentity } from "./worker-rows.ts";
import { beat, deadAfterSeconds, listLiving, takeDead } from "./worker-rows.ts";

/** The heartbeat is every second. Lost jobs should not exist and are looked for less often. */
const lostJobsEveryMs = 10_000;

/**
 * Returns the periodic check of a worker: it writes the heartbeat, frees what dead workers hold, and hands over again jobs
 * that were lost. A dead worker may have left messages in `sending`. The worker that takes its portion decides about
 * them, once their lease has run out; those of no portion are settled here.
 */
export function createWorkerCheck(context: EngineContext): (worker: WorkerIdentity) => Promise<void> {
  let lookedAt = performance.now();
  let isFirst = true;
  return async (worker) => {
    const { db, log } = context;
    await beat(db, worker);
    await endLostTurns(db, worker.id, context.openTurns);
    const freed = await releaseDeadWorkers(context);
    if (freed > 0) log.warn({ workers: freed }, "workers stopped without signing off; their jobs are free again");
    await beginPlannedSends(context);
    if (performance.now() - lookedAt < lostJobsEveryMs) return;
    lookedAt = performance.now();
    await requeueLostSends(context);
    await requeueLostBulkJobs(context);
    await requeueLostMoves(context);
    await requeueLostForecasts(context);
    await requeueLostHealing(context);
    // One that was left while no worker ran may be of any age.
    await settleLostMessages(context, { all: isFirst });
    isFirst = false;
  };
}

/**
 * Frees what is held by workers whose heartbeat stopped, and by workers that were killed before their first heartbeat,
 * which are known only by the jobs that they hold. Returns how many workers they were.
 */
export async function releaseDeadWorkers({ db, driver }: Pick<EngineContext, "db" | "driver">): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const dead = await takeDead(tx);
    const living = new Set(await listLiving(tx));
    const unknown = (await driver.holders(tx, deadAfterSeconds)).filter((holder) => !living.has(holder));
    const orphaned = [...new Set([...dead, ...unknown])];
    if (orphaned.length > 0) await driver.release(tx, orphaned);
    await endTurnsOfTheDead(tx);
    return orphaned.length;
  });
}

/** Hands over again the jobs of sends that are not enrolled or not stopped completely, in case a job was lost. A job too many does nothing. */
export async function requeueLostSends({ db, driver }: Pick<EngineContext, "db" | "driver">): Promise<void> {
  for (const send of await listUnfinished(db, driver.clock)) {
    if (send.is_enrolling) await driver.wake(db, [enrollJob(send, { after: await findLastEnrolled(db, send.id), done: send.done })]);
    if (send.is_over) await driver.wake(db, [finishStoppedSendJob(send.id)]);
  }
}

/** Hands over again the passes of bulk jobs that stand still, in case a job was lost. */
export async function requeueLostBulkJobs({ db, driver }: Pick<EngineContext, "db" | "driver">): Promise<void> {
  const idle = await listIdleBulkWorkspaces(db, driver.clock);
  await driver.wake(
    db,
    idle.map((workspaceId) => bulkJob(workspaceId)),
  );
}

/** Hands over again the moves of publications that stand still, in case a job was lost. */
export async function requeueLostMoves({ db, driver }: Pick<EngineContext, "db" | "driver">): Promise<void> {
  const idle = await listIdleMoves(db, driver.clock);
  await driver.wake(
    db,
    idle.map((id) => moveJob(id)),
  );
}

/** Hands over again forecasts that stand still, in case a job was lost. */
export async function requeueLostForecasts({ db, driver }: Pick<EngineContext, "db" | "driver">): Promise<void> {
  const idle = await listIdleForecasts(db, driver.clock);
  await driver.wake(
    db,
    idle.map((id) => forecastJob(id)),
  );
}

/** Hands over again the next page of those of a send who can be reached now, in case a job was lost. A job too many does nothing. */
export async function requeueLostHealing({ db, driver }: Pick<EngineContext, "db" | "driver">): Promise<void> {
  const open = await listHealing(db);
  await driver.wake(
    db,
    open.map((sendId) => healJob(sendId)),
  );
}
