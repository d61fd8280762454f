import { Box, Flex, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { BulkJob } from "#contract/bulk-jobs.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { ProgressBar } from "#ui/progress-bar.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshBulkJobs } from "#web/entities/bulk-jobs/bulk-job-queries.ts";
import { doingOf, doneOf, titleOf } from "#web/entities/bulk-jobs/bulk-job-words.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";

/** A running job with its progress and Cancel, or with a question when the number of contacts has moved. */
export function TrayRow({ job }: { job: BulkJob }) {
  const { can, user } = useSession();
  const client = useQueryClient();
  const refused = (title: string) => (error: Error) => toast({ status: "error", title, description: error.message });
  const settled = { onSettled: () => refreshBulkJobs(client) };
  const cancel = useMutation({
    mutationFn: () => api("cancelBulkJob", { params: { id: job.id } }),
    onError: refused("The change was not cancelled"),
    ...settled,
  });
  const confirm = useMutation({
    mutationFn: (total: number) => api("confirmBulkJob", { params: { id: job.id }, body: { total } }),
    onError: refused("The change does not go on"),
    ...settled,
  });
  const asks = job.state === "asks";
  const who = job.createdBy === user.id || job.createdByName === null ? "" : ` (${job.createdByName})`;
  return (
    <Flex
      align={{ base: "stretch", md: "center" }}
      direction={{ base: "column", md: "row" }}
      gap={{ base: "1.5", md: "4" }}
      py="2"
      minHeight="11"
      textStyle="sm"
    >
      <Text flex="1" minWidth="0" overflowWrap="anywhere" role={asks ? "alert" : undefined}>
        {asks ? questionOf(job) : doingOf(job)}
        <Text as="span" color="fg.muted">
          {who}
        </Text>
      </Text>
      <Flex align="center" gap="3" flexShrink={0}>
        {!asks && (
          <>
            <Box width={{ base: "auto", md: "48" }} flex={{ base: "1", md: "none" }}>
              <ProgressBar value={job.total === null ? null : doneOf(job)} max={job.total ?? 0} label={titleOf(job)} />
            </Box>
            {job.total !== null && (
              <Text as="span" fontVariantNumeric="tabular-nums" color="fg.muted" textStyle="xs">
                {formatCount(doneOf(job))}/{formatCount(job.total)}
              </Text>
            )}
          </>
        )}
        {can("editor") && (
          <>
            {asks && (
              <Button
                size="xs"
                tone="primary"
                busy={confirm.isPending}
                disabled={cancel.isPending}
                onClick={() => confirm.mutate(job.total ?? 0)}
              >
                {confirmWords(job)}
              </Button>
            )}
            <Button
              size="xs"
              busy={cancel.isPending}
              disabled={confirm.isPending}
              onClick={() => cancel.mutate()}
              aria-label={`Cancel: ${titleOf(job)}`}
            >
              Cancel
            </Button>
          </>
        )}
      </Flex>
    </Flex>
  );
}

const questionOf = (job: BulkJob) =>
  `${titleOf(job)}: ${plural(job.total ?? 0, "contact matches", "contacts match")} now, ${formatCount(job.expectedTotal ?? 0)} were shown. Nothing has changed yet.`;

const verbs = { delete: "Delete", restore: "Restore", change_status: "Change", replace_status: "Change" } as const;
const confirmWords = ({ action, total }: BulkJob) => `${verbs[action.type]} ${plural(total ?? 0, "contact")}`;
