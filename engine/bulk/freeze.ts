import { deletedByEditors } from "#contract/bulk-jobs.ts";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { BulkJob } from "./bulk-job.ts";
import { writeBulkState } from "./bulk-job-rows.ts";
import { freezeChanged, freezeHaving, freezeSelection } from "./item-rows.ts";

/** The share by which the number may have moved since it was shown without anybody being asked. */
const unasked = 0.01;

/** Writes down the contacts of a job and decides whether it goes on. */
export async function freeze(tx: Tx, job: BulkJob, clock: Clock): Promise<void> {
  const total = await writeDown(tx, job);
  await writeBulkState(tx, job, { total, ...next(job, total) }, clock);
}

async function writeDown(tx: Tx, job: BulkJob): Promise<number> {
  if (job.undoOf !== null) return freezeChanged(tx, job, job.undoOf);
  return job.action.type === "replace_status" ? freezeHaving(tx, job, job.action.from) : freezeSelection(tx, job);
}

function next({ most, expectedTotal }: BulkJob, total: number): { state: BulkJob["state"]; errorMessage?: string } {
  if (total === 0) return { state: "done" };
  if (most !== null && total > most) {
    const number = deletedByEditors.toLocaleString("en");
    return { state: "failed", errorMessage: `Nothing was deleted: more than ${number} contacts matched, which only an admin may delete.` };
  }
  const isMoved = expectedTotal !== null && Math.abs(total - expectedTotal) > expectedTotal * unasked;
  return { state: isMoved ? "asks" : "running" };
}
