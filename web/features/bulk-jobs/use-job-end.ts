import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type BulkJob, isBulkJobOver } from "#contract/bulk-jobs.ts";
import { toast } from "#ui/toaster.tsx";
import { bulkJobQuery, refreshBulkJobs } from "#web/entities/bulk-jobs/bulk-job-queries.ts";
import { endingOf, resultOf } from "#web/entities/bulk-jobs/bulk-job-words.ts";
import { unfollowJob } from "#web/entities/bulk-jobs/followed-jobs.ts";
import { undoBulkJob } from "#web/entities/bulk-jobs/undo-bulk-job.ts";
import { refreshBin } from "#web/entities/contacts/bin-queries.ts";
import { refreshLeadStatuses } from "#web/entities/lead-statuses/lead-status-queries.ts";

/** Tells the end of a job in a toast with Undo and Details, and reads the contacts again. */
export function useJobEnd(id: string, onDetails: (jobId: string) => void): void {
  const client = useQueryClient();
  const { data: job } = useQuery(bulkJobQuery(id));
  const open = useRef(onDetails);
  open.current = onDetails;
  const over = job !== undefined && isBulkJobOver(job.state) ? job : null;
  useEffect(() => {
    if (over === null) return;
    // Toasts render synchronously, which React refuses during a render.
    queueMicrotask(() => {
      unfollowJob(over.id);
      tell(over, {
        onUndo: () => void undoBulkJob(client, over.id),
        onDetails: () => open.current(over.id),
      });
    });
    void refreshBin(client);
    if (over.action.type === "replace_status") void refreshLeadStatuses(client);
    void refreshBulkJobs(client);
  }, [over, client]);
}

function tell(job: BulkJob, { onUndo, onDetails }: { onUndo: () => void; onDetails: () => void }): void {
  const trouble = job.state === "failed" ? "error" : job.skipped + job.failed > 0 || job.state === "cancelled" ? "warning" : "success";
  const details = { label: "Details", onClick: onDetails };
  toast({
    id: `bulk-${job.id}`,
    status: trouble,
    title: endingOf(job),
    description: resultOf(job),
    duration: 10_000,
    ...(job.undoUntil === null ? { action: details } : { action: { label: "Undo", onClick: onUndo }, more: details }),
  });
}
