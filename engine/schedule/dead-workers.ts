import { sql } from "kysely";
import type { EngineContext } from "../engine-context.ts";
import { findLastEnrolled } from "../enrollment/enroll-page-rows.ts";
import { enrollJob, finishStoppedSendJob } from "../jobs/jobs.ts";
import { endLostTurns, endTurnsOfTheDead } from "./turn-rows.ts";
import type { WorkerIdentity } from "./worker-rows.ts";
import { beat, deadAfterSeconds, listLiving, takeDead } from "./worker-rows.ts";

/** Beats every second; looks for lost jobs, which should never be, less often. */
const lostJobsEveryMs = 10_000;

/**
 * Says that this worker is alive, frees what those hold that are not, and starts again what lost its job. Messages that
 * a dead worker left in `sending` are settled by whoever takes up its portion, once their lease has run out.
 */
export function createWorkerCheck(context: EngineContext): (worker: WorkerIdentity) => Promise<void> {
  let lookedAt = performance.now();
  return async (worker) => {
    const { db, log } = context;
    await beat(db, worker);
    await endLostTurns(db, worker.id, context.openTurns);
    const freed = await releaseDeadWorkers(context);
    if (freed > 0) log.warn({ workers: freed }, "workers stopped without signing off; their jobs are free again");
    if (performance.now() - lookedAt < lostJobsEveryMs) return;
    lookedAt = performance.now();
    await requeueLostSends(context);
  };
}

/**
 * Frees what is held by those who fell silent, and by those who never said a word: a worker may be killed before its
 * first beat, and then only its jobs tell of it. Returns how many they were.
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

/** Sends whose enrolling or settling is not at its end: rung for again, in case the job is gone. One too many does nothing. */
export async function requeueLostSends({ db, driver }: Pick<EngineContext, "db" | "driver">): Promise<void> {
  const { rows } = await sql<{ id: string; expected: number; done: number; is_enrolling: boolean; is_over: boolean }>`
    select id, expected, enrolled + not_enrolled as done, enrolled_at is null as is_enrolling, state in ('stopped', 'undone') as is_over
    from flow_sends
    where ended_at is null and (enrolled_at is null or state in ('stopped', 'undone'))
      and created_at < ${driver.clock.now} - interval '10 seconds'
    order by created_at limit 200`.execute(db);
  for (const send of rows) {
    if (send.is_enrolling) await driver.wake(db, [enrollJob(send, { after: await findLastEnrolled(db, send.id), done: send.done })]);
    if (send.is_over) await driver.wake(db, [finishStoppedSendJob(send.id)]);
  }
}
