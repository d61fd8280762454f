import { randomUUID } from "node:crypto";
import { bulkJobDays, deletedByEditors, isBulkJobOver } from "#contract/bulk-jobs.ts";
import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { OfBulkJob } from "../bulk-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { bulkJob } from "../jobs/jobs.ts";
import type { BulkJob } from "./bulk-job.ts";
import { lockBulkJob, writeBulkState } from "./bulk-job-rows.ts";
import { findUndo, readUndoable } from "./control-bulk-job-rows.ts";
import { insertBulkJob } from "./create-bulk-job-rows.ts";
import { restoreList } from "./status-list.ts";

/** @throws EngineRefusal bulk_job_not_found */
async function lock(tx: Tx, input: OfBulkJob): Promise<BulkJob> {
  const job = await lockBulkJob(tx, input);
  if (!job) throw new EngineRefusal("bulk_job_not_found", "There is no such bulk change in this workspace.");
  return job;
}

/** Goes on with a job that asks. `total` is the number that the person has now agreed to. */
export async function confirmBulkJob({ db, driver, clock }: EngineContext, input: OfBulkJob & { total: number }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const job = await lock(tx, input);
    if (job.state === "running" && job.total === input.total) return;
    if (job.state !== "asks") throw new EngineRefusal("bulk_job_over", "This bulk change does not need to be confirmed.");
    if (job.total !== input.total) {
      throw new EngineRefusal(
        "total_changed",
        `This changes ${(job.total ?? 0).toLocaleString("en")} contacts. Confirm this number, or cancel.`,
      );
    }
    await writeBulkState(tx, job, { state: "running" }, clock);
    await driver.wake(tx, [bulkJob(input.workspaceId)]);
  });
}

/**
 * Stops a job. A pass that writes holds the job's row, so this waits for its end, and the answer tells the exact counts. A
 * pass that waits for contacts which somebody else holds does not hold the row.
 */
export async function cancelBulkJob({ db, clock }: EngineContext, input: OfBulkJob): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const job = await lock(tx, input);
    if (job.state === "cancelled") return;
    if (isBulkJobOver(job.state)) throw new EngineRefusal("bulk_job_over", "This bulk change is over; there is nothing left to cancel.");
    await writeBulkState(tx, job, { state: "cancelled" }, clock);
  });
}

/**
 * Takes a job back by another job over the contacts that it changed. A second request is answered with the same one.
 *
 * @returns the id of the job that takes it back
 */
export async function undoBulkJob(
  { db, driver, clock }: EngineContext,
  input: OfBulkJob & { isAdmin: boolean; actor: { id: string; name: string } },
): Promise<{ jobId: string; created: boolean }> {
  return db.transaction().execute(async (tx) => {
    const job = await lock(tx, input);
    const earlier = await findUndo(tx, input);
    if (earlier !== undefined) return { jobId: earlier, created: false };
    if (!isBulkJobOver(job.state)) {
      throw new EngineRefusal("bulk_job_running", "This bulk change is not over yet. Cancel it, or wait until it has ended, then undo it.");
    }
    if (job.undoOf !== null) {
      throw new EngineRefusal("undo_over", "This change undid another one. To have that change again, make it again.");
    }
    const isOfList = job.action.type === "replace_status" && job.action.list !== null;
    if (isOfList && !input.isAdmin)
      throw new EngineRefusal("forbidden", "Only an admin may take back a change of the list of lead statuses.");
    const { changed, isTooOld } = await readUndoable(tx, input, clock);
    if (isTooOld) throw new EngineRefusal("undo_over", `A bulk change can be undone for ${bulkJobDays} days; this one is older.`);
    if (changed === 0 && !isOfList)
      throw new EngineRefusal("undo_over", "This bulk change changed no contact, so there is nothing to undo.");
    if (job.action.type === "replace_status") await restoreList(tx, input.workspaceId, job.action);
    const jobId = randomUUID();
    const most = deletesAgain(job) && !input.isAdmin ? deletedByEditors : null;
    const { workspaceId, actor } = input;
    const undo = {
      id: jobId,
      workspaceId,
      action: job.action,
      selection: null,
      requestHash: "",
      expectedTotal: null,
      most,
      undoOf: job.id,
      actor,
    };
    await insertBulkJob(tx, undo, clock);
    await driver.wake(tx, [bulkJob(workspaceId)]);
    return { jobId, created: true };
  });
}

/** Whether taking this job back deletes contacts. */
const deletesAgain = ({ action }: BulkJob) => action.type === "restore";
