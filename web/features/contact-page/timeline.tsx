import { Box, Flex, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type TimelineKind, timelineKinds } from "#contract/contact-timeline.ts";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { timelineQuery } from "#web/entities/contacts/contact-page-queries.ts";
import { TimelineLine } from "#web/entities/contacts/timeline-line.tsx";

const kindWords: Record<TimelineKind, string> = {
  messages: "Messages",
  replies: "Replies",
  flows: "Flows",
  steps: "Steps",
  clicks: "Clicks",
  consents: "Consent",
};

/** What happened with a contact, newest first, a page at a time. */
export function Timeline({ contactId }: { contactId: string }) {
  const [kinds, setKinds] = useState<readonly TimelineKind[]>([]);
  const past = useInfiniteQuery(timelineQuery(contactId, kinds));
  const entries = past.data?.pages.flatMap(({ items }) => items) ?? [];
  const turn = (kind: TimelineKind) => setKinds(kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]);
  return (
    <Box as="section" aria-label="What happened">
      <Flex role="group" aria-label="Show only" gap="1" wrap="wrap" mb="3">
        {timelineKinds.map((kind) => (
          <Button
            key={kind}
            size="xs"
            tone={kinds.includes(kind) ? "secondary" : "ghost"}
            aria-pressed={kinds.includes(kind)}
            onClick={() => turn(kind)}
          >
            {kindWords[kind]}
          </Button>
        ))}
      </Flex>
      {past.isPending ? (
        <SkeletonRows rows={6} columns={["12%", "55%", "15%"]} label="Loading what happened" />
      ) : !past.data ? (
        <LoadError
          error={past.error}
          title="What happened could not be loaded"
          onRetry={() => void past.refetch()}
          retrying={past.isRefetching}
        />
      ) : entries.length === 0 ? (
        <Text textStyle="sm" color="fg.muted">
          {kinds.length > 0 ? "Nothing of this kind has happened yet." : "Nothing has happened with this contact yet."}
        </Text>
      ) : (
        <Box as="ol" listStyleType="none">
          {entries.map((entry) => (
            <TimelineLine key={`${entry.kind} ${entry.id}`} entry={entry} />
          ))}
        </Box>
      )}
      {past.hasNextPage && (
        <Button size="sm" tone="ghost" mt="2" onClick={() => void past.fetchNextPage()} busy={past.isFetchingNextPage}>
          Show earlier
        </Button>
      )}
    </Box>
  );
}
