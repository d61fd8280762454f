import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type BulkJob, type BulkJobItem, type BulkOutcome, bulkReasons } from "#contract/bulk-jobs.ts";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { bulkJobItemsQuery } from "#web/entities/bulk-jobs/bulk-job-queries.ts";
import { doneOf } from "#web/entities/bulk-jobs/bulk-job-words.ts";

const ChakraLink = chakra(Link, { base: { color: "fg.link", _hover: { textDecoration: "underline" } } });

interface BulkJobItemsProps {
  job: BulkJob;
  outcome: BulkOutcome | "all";
}

/** The contacts of a job with this outcome, each with what became of it. */
export function BulkJobItems({ job, outcome }: BulkJobItemsProps) {
  const list = useInfiniteQuery(bulkJobItemsQuery(job.id, outcome, doneOf(job)));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isError && !list.data) {
    return (
      <LoadError
        error={list.error}
        title="The results could not be loaded"
        onRetry={() => void list.refetch()}
        retrying={list.isFetching}
      />
    );
  }
  if (list.isPending) return <SkeletonRows rows={5} columns={["40%", "30%"]} label="Loading the results" />;
  return (
    <>
      <Box
        as="ul"
        listStyleType="none"
        aria-label="Contacts of this change"
        borderWidth="1px"
        borderRadius="l2"
        maxHeight="80"
        overflowY="auto"
        tabIndex={0}
        focusVisibleRing="inside"
        css={{ "& > * + *": { borderTopWidth: "1px" } }}
      >
        {items.map((item) => (
          <Flex as="li" key={item.contactId} justify="space-between" gap="3" px="3" py="2" textStyle="sm" wrap="wrap">
            <Who item={item} />
            <Text as="span" color={item.outcome === "failed" ? "fg.error" : "fg.muted"} overflowWrap="anywhere">
              {resultWords(job, item)}
            </Text>
          </Flex>
        ))}
      </Box>
      {list.hasNextPage && (
        <Button size="xs" mt="2" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function Who({ item }: { item: BulkJobItem }) {
  if (item.displayName === null) return <Text color="fg.muted">Erased contact</Text>;
  if (item.inBin) return <Text overflowWrap="anywhere">{item.displayName} (in the bin)</Text>;
  return (
    <ChakraLink to="/contacts" search={{ contact: item.contactId } as never} overflowWrap="anywhere">
      {item.displayName}
    </ChakraLink>
  );
}

function resultWords({ action, undoOf }: BulkJob, { outcome, reason, before }: BulkJobItem): string {
  if (outcome === null) return "Not reached yet";
  if (reason !== null) return bulkReasons[reason];
  if (outcome === "same") return "It was already so";
  if (action.type === "delete" || action.type === "restore")
    return (action.type === "delete") === (undoOf === null) ? "Deleted" : "Restored";
  return before ? `Was ${before.leadStatus === null ? "empty" : `“${before.leadStatus}”`}` : "Changed";
}
