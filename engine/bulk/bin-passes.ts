import { moveIdsToBin, restoreIds } from "../bin/move-to-bin.ts";
import { listContactsOf, listDeletedBy, writeMoved } from "./bin-pass-rows.ts";
import type { BulkJob, Pass } from "./bulk-job.ts";

/** Moves the contacts of a pass to the bin, which ends their executions. */
export const deletePass: Pass = async ({ context, tx, ring }, job, range) => {
  const ids = await listContactsOf(tx, range);
  const moved = await moveIdsToBin(tx, { workspaceId: job.workspaceId, ids, actor: job.actor }, context, ring);
  return writeMoved(tx, job, range, { moved, wanted: "in_bin" });
};

/** Takes the contacts of a pass out of the bin. */
export const restorePass: Pass = async ({ tx }, job, range) => {
  const moved = await restoreIds(tx, { workspaceId: job.workspaceId, ids: await listContactsOf(tx, range) });
  return writeMoved(tx, job, range, { moved, wanted: "here" });
};

/** Takes those contacts of a pass out of the bin that lie there because of the job `undoOf`. */
export const undoDeletePass =
  (undoOf: string): Pass =>
  async ({ tx }, job: BulkJob, range) => {
    const moved = await restoreIds(tx, { workspaceId: job.workspaceId, ids: await listDeletedBy(tx, job, range, undoOf) });
    return writeMoved(tx, job, range, { moved, wanted: "here" });
  };
