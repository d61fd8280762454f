import { useQueryClient } from "@tanstack/react-query";
import type { BulkJob } from "#contract/bulk-jobs.ts";
import { refreshBulkJobs } from "#web/entities/bulk-jobs/bulk-job-queries.ts";
import { followJob } from "#web/entities/bulk-jobs/followed-jobs.ts";
import { refreshLeadStatuses } from "#web/entities/lead-statuses/lead-status-queries.ts";

/** What follows a change of the list: the tray shows the job that carries the contacts over, and the list is read again. */
export function useCarriedOver() {
  const client = useQueryClient();
  return {
    follow: (job: BulkJob | null) => {
      if (job) followJob(job);
    },
    refresh: () => Promise.all([refreshLeadStatuses(client), refreshBulkJobs(client)]),
  };
}
