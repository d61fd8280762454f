import { deletePass, restorePass, undoDeletePass } from "./bin-passes.ts";
import type { BulkJob, Pass } from "./bulk-job.ts";
import { restoreLeadStatus, setLeadStatus } from "./status-rows.ts";

/** The pass of a job by what it does: its action, or taking that action back. */
export function passOf({ action, undoOf }: BulkJob): Pass {
  switch (action.type) {
    case "change_status":
      return undoOf === null
        ? ({ tx }, job, range) => setLeadStatus(tx, job, range, { to: action.leadStatus })
        : ({ tx }, job, range) => restoreLeadStatus(tx, job, range, { undoOf, written: action.leadStatus });
    case "replace_status":
      return undoOf === null
        ? ({ tx }, job, range) => setLeadStatus(tx, job, range, { to: action.to, only: action.from })
        : ({ tx }, job, range) => restoreLeadStatus(tx, job, range, { undoOf, written: action.to, inBin: true });
    case "delete":
      return undoOf === null ? deletePass : undoDeletePass(undoOf);
    case "restore":
      return undoOf === null ? restorePass : deletePass;
  }
}
