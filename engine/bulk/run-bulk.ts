import type { Tx } from "#db/client.ts";
import { isRefusal } from "#db/errors.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { bulkJob } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { BulkJob, Pass, PassCounts, PassPlace, PassRange } from "./bulk-job.ts";
import { addCounts, noCounts } from "./bulk-job.ts";
import { countPass, findNextBulkJob, hasActiveBulkJob, lockBulkJob, takeBulkTurn, writeBulkState } from "./bulk-job-rows.ts";
import { freeze } from "./freeze.ts";
import { failItems, lockContactsOf, releaseSavepoint, returnToSavepoint, setSavepoint } from "./item-rows.ts";
import { passOf } from "./passes.ts";

/*
 * The states of a bulk job and who moves it:
 *
 *   freezing ──its contacts are written down──▶ running ──last pass──▶ done
 *       │   └──the number moved by more than 1 %──▶ asks ──confirm──▶ running
 *       └──more than the person may delete──▶ failed
 *   any of the first three ──cancel──▶ cancelled: a pass that has begun to write is finished, because it holds the row of
 *   the job; one that still waits for its contacts then changes nothing
 *
 * A pass locks its contacts before the row of its job. Somebody else may hold a contact for long, and a job must be
 * cancelled meanwhile.
 *
 * A pass is one transaction: the contacts, their results, the counts, the job for the next pass. A process that is killed
 * inside it leaves nothing of it, and one that is killed after it has handed over the next. The items are changed in the
 * order of their numbers, so `changed + same + skipped + failed` is also the place at which the next pass begins.
 */

/** Milliseconds after which a workspace is looked at again, when another transaction works for it just now. */
const busyDelayMs = 200;
/** After so many failures a pass tries its contacts one by one, so that only the one that cannot be changed fails. */
const failuresUntilOneByOne = 3;
const oneByOnePass = 50;

/** Does the next pass of a workspace's bulk jobs and hands over the one after it. */
export async function runBulk(context: EngineContext, job: { workspaceId: string; failures: number }): Promise<void> {
  const { workspaceId, failures } = job;
  const { clock, driver } = context;
  await transactThenRing(context, async (tx, ring) => {
    const isOurs = await takeBulkTurn(tx, workspaceId);
    const found = isOurs ? await findNextBulkJob(tx, workspaceId) : undefined;
    const range = found && { jobId: found.id, after: found.done, upto: found.done + passSize(context, failures) };
    if (found?.state === "running" && range) await lockContactsOf(tx, workspaceId, range);
    const next = found && (await lockUnmoved(tx, found));
    if (next?.state === "freezing") {
      await freezeOrFail(context, tx, next, failures);
      await breakPoint("bulk-job-frozen");
    } else if (next && range) {
      const sums = await countPass(tx, next, await runPass({ context, tx, ring }, next, range, failures), clock);
      if (countOf(sums) >= (next.total ?? 0)) await finish(context, tx, next, sums);
      await breakPoint("bulk-pass-written");
    }
    if (await hasActiveBulkJob(tx, workspaceId)) await driver.wake(tx, [bulkJob(workspaceId, isOurs ? 0 : busyDelayMs)]);
  });
  await breakPoint("bulk-pass-committed");
}

/** Locks a job that was found, unless it was cancelled meanwhile. Only the holder of the turn moves it otherwise. */
async function lockUnmoved(tx: Tx, { id, workspaceId, state }: BulkJob): Promise<BulkJob | undefined> {
  const job = await lockBulkJob(tx, { workspaceId, jobId: id });
  return job?.state === state ? job : undefined;
}

const passSize = ({ workSizes }: EngineContext, failures: number) => (failures < failuresUntilOneByOne ? workSizes.bulkPass : oneByOnePass);

const countOf = ({ changed, same, skipped, failed }: PassCounts) => changed + same + skipped + failed;

/** A filter that the database refuses again and again ends its job, because it would be refused for ever. */
async function freezeOrFail({ clock, log }: EngineContext, tx: Tx, job: BulkJob, failures: number): Promise<void> {
  await setSavepoint(tx);
  try {
    await freeze(tx, job, clock);
  } catch (error) {
    if (failures < failuresUntilOneByOne || !isRefusal(error)) throw error;
    log.error({ err: error, bulkJob: job.id }, "the contacts of a bulk job could not be written down; it has ended");
    await returnToSavepoint(tx);
    const errorMessage = "The contacts could not be found with this filter. Nothing was changed. Check the filter and try again.";
    await writeBulkState(tx, job, { state: "failed", errorMessage }, clock);
  }
}

async function runPass(place: PassPlace, job: BulkJob, range: PassRange, failures: number): Promise<PassCounts> {
  const pass = passOf(job);
  return failures < failuresUntilOneByOne ? pass(place, job, range) : oneByOne(pass, place, job, range);
}

/** Changes each contact of a range by itself. One that the database refuses gets the result `failed`. */
async function oneByOne(pass: Pass, place: PassPlace, job: BulkJob, { jobId, after, upto }: PassRange): Promise<PassCounts> {
  let counts = noCounts;
  for (let seq = after; seq < Math.min(upto, job.total ?? 0); seq += 1) {
    counts = addCounts(counts, await changeOne(pass, place, job, { jobId, after: seq, upto: seq + 1 }));
  }
  return counts;
}

async function changeOne(pass: Pass, place: PassPlace, job: BulkJob, range: PassRange): Promise<PassCounts> {
  const { tx } = place;
  await setSavepoint(tx);
  try {
    const counts = await pass(place, job, range);
    await releaseSavepoint(tx);
    return counts;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await returnToSavepoint(tx);
    await failItems(tx, range, "error");
    return { ...noCounts, failed: 1 };
  }
}

async function finish({ clock }: EngineContext, tx: Tx, job: BulkJob, sums: PassCounts): Promise<void> {
  await writeBulkState(tx, job, { state: "done" }, clock);
  await insertAuditEntry(tx, {
    workspaceId: job.workspaceId,
    actorId: job.actor.id,
    actorName: job.actor.name,
    action: "contacts.bulk_end",
    subjectId: job.id,
    details: { action: job.action.type, isUndo: job.undoOf !== null, total: job.total, ...sums },
  });
}
