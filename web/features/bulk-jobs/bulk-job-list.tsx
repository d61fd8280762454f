import { Flex, Text } from "@chakra-ui/react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { type BulkJob, isBulkJobOver } from "#contract/bulk-jobs.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { bulkJobsQuery } from "#web/entities/bulk-jobs/bulk-job-queries.ts";
import { doingOf, resultOf, titleOf } from "#web/entities/bulk-jobs/bulk-job-words.ts";
import { undoBulkJob } from "#web/entities/bulk-jobs/undo-bulk-job.ts";
import { useSession } from "#web/entities/session/use-session.ts";

interface BulkJobListProps {
  onOpen: (jobId: string) => void;
}

/** The bulk changes of the last 30 days with what came of them, the newest first. */
export function BulkJobList({ onOpen }: BulkJobListProps) {
  const list = useInfiniteQuery(bulkJobsQuery);
  const jobs = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isError && !list.data) {
    return (
      <LoadError error={list.error} title="The list could not be loaded" onRetry={() => void list.refetch()} retrying={list.isFetching} />
    );
  }
  if (list.isPending) return <SkeletonRows rows={4} columns={["45%", "25%"]} rowHeight="14" label="Loading the bulk changes" />;
  if (jobs.length === 0) {
    return (
      <EmptyState icon={ListChecks} title="No bulk changes yet">
        When you change or delete several contacts at once, the change stands here for 30 days, with its results and an undo.
      </EmptyState>
    );
  }
  return (
    <>
      <Flex
        as="ul"
        direction="column"
        listStyleType="none"
        aria-label="Bulk changes"
        borderWidth="1px"
        borderRadius="l2"
        css={{ "& > * + *": { borderTopWidth: "1px" } }}
      >
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} onOpen={onOpen} />
        ))}
      </Flex>
      {list.hasNextPage && (
        <Flex justify="center" mt="3">
          <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
            Show more
          </Button>
        </Flex>
      )}
    </>
  );
}

function JobRow({ job, onOpen }: BulkJobListProps & { job: BulkJob }) {
  const { can } = useSession();
  const client = useQueryClient();
  const undo = useMutation({ mutationFn: () => undoBulkJob(client, job.id) });
  const title = titleOf(job);
  return (
    <Flex
      as="li"
      direction={{ base: "column", md: "row" }}
      align={{ md: "center" }}
      gap={{ base: "2", md: "3" }}
      px="4"
      py="2.5"
      minHeight="14"
    >
      <Flex direction="column" flex="1" minWidth="0">
        <Text fontWeight="500" overflowWrap="anywhere">
          {title}
        </Text>
        <Text textStyle="sm" color={job.state === "failed" ? "fg.error" : "fg.muted"} overflowWrap="anywhere">
          {isBulkJobOver(job.state) ? `${stateWords[job.state] ?? ""}${resultOf(job)}` : doingOf(job)}
          {job.undoneBy !== null && " · undone"}
        </Text>
        <Text textStyle="xs" color="fg.muted">
          {job.createdByName ?? "Somebody"} · <RelativeTime at={job.createdAt} />
        </Text>
      </Flex>
      <Flex gap="2" flexShrink={0}>
        {job.undoUntil !== null && can("editor") && (
          <Button size="xs" busy={undo.isPending} onClick={() => undo.mutate()} aria-label={`Undo: ${title}`}>
            Undo
          </Button>
        )}
        <Button size="xs" tone="ghost" onClick={() => onOpen(job.id)} aria-label={`Details of: ${title}`}>
          Details
        </Button>
      </Flex>
    </Flex>
  );
}

const stateWords: Partial<Record<BulkJob["state"], string>> = { cancelled: "Cancelled: " };
