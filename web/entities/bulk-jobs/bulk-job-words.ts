import type { BulkJob, ReplaceStatus } from "#contract/bulk-jobs.ts";
import { formatCount, plural } from "#ui/format.ts";

type Job = Pick<BulkJob, "action" | "undoOf">;

/** What a job does, as a heading: "Change status to “Hot”". */
export function titleOf({ action, undoOf }: Job): string {
  const isUndo = undoOf !== null;
  switch (action.type) {
    case "change_status":
      return isUndo ? `Undo: change status to “${action.leadStatus}”` : `Change status to “${action.leadStatus}”`;
    case "replace_status":
      return isUndo ? `Undo: ${lowerFirst(replaceTitle(action))}` : replaceTitle(action);
    case "delete":
      return isUndo ? "Undo: delete contacts" : "Delete contacts";
    case "restore":
      return isUndo ? "Undo: restore contacts" : "Restore contacts";
  }
}

const quoted = (status: string | null) => (status === null ? "no status" : `“${status}”`);

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function replaceTitle({ from, to, list }: ReplaceStatus): string {
  if (list?.change === "renamed") return `Rename status “${from}” to ${quoted(to)}`;
  return list === null ? `Replace “${from}” by ${quoted(to)}` : `Remove status “${from}”`;
}

/** What a job is doing just now: "Changing 12,000 contacts to “Hot”". */
export function doingOf(job: Pick<BulkJob, "action" | "undoOf" | "state" | "total">): string {
  const who = job.total === null ? "contacts" : plural(job.total, "contact");
  if (job.state === "freezing") return job.undoOf === null ? "Finding the contacts" : "Preparing the undo";
  switch (job.action.type) {
    case "change_status":
      return job.undoOf === null ? `Changing ${who} to “${job.action.leadStatus}”` : `Giving ${who} their old status back`;
    case "replace_status":
      return job.undoOf === null
        ? `Changing ${who} from “${job.action.from}” to ${quoted(job.action.to)}`
        : `Giving ${who} the status “${job.action.from}” back`;
    case "delete":
      return job.undoOf === null ? `Deleting ${who}` : `Restoring ${who}`;
    case "restore":
      return job.undoOf === null ? `Restoring ${who}` : `Deleting ${who}`;
  }
}

/** The heading of a job that is over. */
export function endingOf(job: Pick<BulkJob, "action" | "undoOf" | "state" | "changed">): string {
  if (job.state === "cancelled") return `Cancelled: ${titleOf(job)}`;
  if (job.state === "failed") return "The change was not made";
  switch (job.action.type) {
    case "change_status":
      return job.undoOf === null ? `Status changed to “${job.action.leadStatus}”` : "Status changed back";
    case "replace_status":
      return job.undoOf === null ? endingOfReplace(job.action) : `Status “${job.action.from}” is back`;
    case "delete":
      return `${job.undoOf === null ? "Deleted" : "Restored"} ${plural(job.changed, "contact")}`;
    case "restore":
      return `${job.undoOf === null ? "Restored" : "Deleted"} ${plural(job.changed, "contact")}`;
  }
}

function endingOfReplace({ from, to, list }: ReplaceStatus): string {
  if (list?.change === "renamed") return `Status “${from}” is now called ${quoted(to)}`;
  return list === null ? `“${from}” was replaced by ${quoted(to)}` : `Status “${from}” was removed`;
}

/** What came of a job, in one line: "148 changed, 2 were so already, 1 skipped". */
export function resultOf(job: Pick<BulkJob, "state" | "changed" | "same" | "skipped" | "failed" | "left" | "errorMessage">): string {
  if (job.errorMessage !== null) return job.errorMessage;
  const parts = [
    `${formatCount(job.changed)} changed`,
    job.same > 0 && `${plural(job.same, "was", "were")} so already`,
    job.skipped > 0 && `${formatCount(job.skipped)} skipped`,
    job.failed > 0 && `${formatCount(job.failed)} failed`,
    job.state === "cancelled" && (job.left ?? 0) > 0 && `${formatCount(job.left ?? 0)} not reached`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

/** How many contacts of a job have a result. */
export const doneOf = ({ changed, same, skipped, failed }: Pick<BulkJob, "changed" | "same" | "skipped" | "failed">): number =>
  changed + same + skipped + failed;
