import { Box, Flex, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type BulkJob, type BulkOutcome, isBulkJobOver } from "#contract/bulk-jobs.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { ProgressBar } from "#ui/progress-bar.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { bulkJobQuery } from "#web/entities/bulk-jobs/bulk-job-queries.ts";
import { doneOf, titleOf } from "#web/entities/bulk-jobs/bulk-job-words.ts";
import { undoBulkJob } from "#web/entities/bulk-jobs/undo-bulk-job.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { BulkJobItems } from "./bulk-job-items.tsx";

interface BulkJobDialogProps {
  /** Null: closed. */
  jobId: string | null;
  onClose: () => void;
}

/** What became of each contact of a bulk change. */
export function BulkJobDialog({ jobId, onClose }: BulkJobDialogProps) {
  const { shown } = useLastShown(jobId);
  const job = useQuery({ ...bulkJobQuery(shown ?? ""), enabled: shown !== null });
  const client = useQueryClient();
  const { can } = useSession();
  const undo = useMutation({ mutationFn: (id: string) => undoBulkJob(client, id), onSuccess: onClose });
  const mayUndo = job.data?.undoUntil != null && can("editor");
  return (
    <Dialog
      open={jobId !== null}
      onClose={onClose}
      size="lg"
      title={job.data ? titleOf(job.data) : "Bulk change"}
      footer={
        <>
          {mayUndo && (
            <Button onClick={() => shown && undo.mutate(shown)} busy={undo.isPending}>
              Undo this change
            </Button>
          )}
          <Button tone="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {job.isError && !job.data ? (
        <LoadError
          error={job.error}
          title="The bulk change could not be loaded"
          onRetry={() => void job.refetch()}
          retrying={job.isFetching}
        />
      ) : job.data ? (
        <Results key={job.data.id} job={job.data} />
      ) : (
        <SkeletonRows rows={5} columns={["40%", "30%"]} label="Loading the bulk change" />
      )}
    </Dialog>
  );
}

const outcomeWords: Record<BulkOutcome, string> = { changed: "Changed", same: "Already so", skipped: "Skipped", failed: "Failed" };
const panel = "bulk-job-results";

function Results({ job }: { job: BulkJob }) {
  const [outcome, setOutcome] = useState<BulkOutcome | "all">("all");
  const tabs = [
    { value: "all" as const, label: "All", count: job.total ?? 0 },
    ...(Object.keys(outcomeWords) as BulkOutcome[])
      .filter((one) => job[one] > 0)
      .map((one) => ({ value: one, label: outcomeWords[one], count: job[one] })),
  ];
  return (
    <Flex direction="column" gap="3">
      <Text textStyle="sm" color="fg.muted">
        {job.createdByName ?? "Somebody"} · <RelativeTime at={job.createdAt} />
        {job.undoneBy !== null && " · undone since"}
        {job.state === "cancelled" && " · cancelled"}
      </Text>
      {job.errorMessage !== null && <Notice status="error">{job.errorMessage}</Notice>}
      {!isBulkJobOver(job.state) && (
        <ProgressBar value={job.total === null ? null : doneOf(job)} max={job.total ?? 0} label={titleOf(job)} show="count" />
      )}
      {job.total !== null && job.total > 0 && (
        <>
          <Box borderBottomWidth="1px">
            <TabBar label="Results" tabs={tabs} value={outcome} onChange={setOutcome} panelId={panel} />
          </Box>
          <Box id={panel} role="tabpanel" aria-label={tabs.find(({ value }) => value === outcome)?.label ?? "All"}>
            <BulkJobItems job={job} outcome={outcome} />
          </Box>
        </>
      )}
      {job.total === 0 && <Text textStyle="sm">No contact matched any more, so nothing was changed.</Text>}
    </Flex>
  );
}
