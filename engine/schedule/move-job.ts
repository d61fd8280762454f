import type { EngineContext } from "../engine-context.ts";
import { spreadSeconds } from "../execution/move.ts";
import type { Job } from "../jobs/driver.ts";
import { moveJob } from "../jobs/jobs.ts";
import { movePeople } from "../pass/move-people.ts";
import { isAnybodyLeft, listInLanes, readMoving, readRestingPage, writeMoving } from "./move-job-rows.ts";

/** An execution that was in a worker's hands is looked for again after this, and then less and less often. */
const firstLookAgainMs = 1_000;
/** After so many looks the rest is left to the passes that read them next. */
const mostSweeps = 10;

/**
 * Moves a portion of the people of a publication, and hands over the next. It goes through the versions, then through the
 * lanes, and begins again while somebody was passed over because a worker had them in hand. An execution that is left at the end, such as
 * those who wait for another flow, is moved when they are read next.
 *
 * A portion is committed by itself and finds out from the rows who is left, so a job that is lost or doubled moves nobody twice.
 */
export async function runMove(context: EngineContext, job: Extract<Job, { kind: "move" }>): Promise<void> {
  const { db, clock, driver, workSizes } = context;
  const moving = await readMoving(db, job.publicationId);
  if (!moving) return;
  const limit = workSizes.movePortion;
  const versionId = moving.versionIds[job.version];
  const move = (ids: readonly string[]) => movePeople(context, ids, { spreadMs: spreadSeconds * 1_000 });
  await writeMoving(db, moving.id, "moving", clock);
  if (versionId !== undefined) {
    const { ids, looked, last } = await readRestingPage(db, moving, { versionId, after: job.after, limit }, clock);
    if (ids.length > 0) await move(ids);
    const next = looked < limit ? { version: job.version + 1, after: null } : { version: job.version, after: last };
    await driver.wake(db, [moveJob(moving.id, { ...next, sweep: job.sweep })]);
    return;
  }
  const ids = await listInLanes(db, moving, limit);
  const moved = ids.length > 0 ? await move(ids) : 0;
  if (moved > 0 && ids.length === limit) await driver.wake(db, [moveJob(moving.id, job)]);
  else if (job.sweep < mostSweeps && (await isAnybodyLeft(db, moving))) {
    const again = { version: 0, after: null, sweep: job.sweep + 1 };
    await driver.wake(db, [moveJob(moving.id, again, firstLookAgainMs * 2 ** job.sweep)]);
  } else await writeMoving(db, moving.id, "ended", clock);
}
