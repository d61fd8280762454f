import { Box, Flex, Grid, Text } from "@chakra-ui/react";
import type { Queue } from "#contract/queue.ts";
import { formatCount, formatDuration, plural } from "#ui/format.ts";
import { StatusBadge } from "#ui/status-badge.tsx";
import type { StatusName } from "#ui/theme-tokens.ts";

const places: { key: "executing" | "queued" | "waiting" | "held"; status: StatusName; label: string; means: string }[] = [
  { key: "executing", status: "running", label: "Running now", means: "taken by a worker" },
  { key: "queued", status: "queued", label: "Queued", means: "could go on, and wait for their turn" },
  { key: "waiting", status: "waiting", label: "Waiting", means: "for a time: a delay, sending hours, a start" },
  { key: "held", status: "held", label: "Held", means: "until their send is resumed, or its first messages are checked" },
];

/** Counts the enrollments of the workspace by place. Each enrollment is in exactly one place, so the places add up. */
export function QueueFigures({ queue }: { queue: Queue }) {
  return (
    <Box as="section" aria-label="Where enrollments stand">
      <Grid
        as="dl"
        templateColumns={{ base: "1fr 1fr", lg: "repeat(4, 1fr)" }}
        gap="1px"
        bg="border"
        borderWidth="1px"
        borderRadius="l2"
        overflow="hidden"
      >
        {places.map(({ key, status, label, means }) => (
          <Box key={key} bg="bg.panel" px="4" py="3">
            <dt>
              <StatusBadge status={status} label={label} />
            </dt>
            <Box as="dd" mt="1.5">
              <Text as="span" display="block" fontSize="1.5rem" lineHeight="2rem" fontWeight="600" fontVariantNumeric="tabular-nums">
                {formatCount(queue[key])}
              </Text>
              <Text as="span" display="block" textStyle="xs" color="fg.muted">
                {means}
              </Text>
            </Box>
          </Box>
        ))}
      </Grid>
      <Flex gap="5" rowGap="1" wrap="wrap" mt="3" textStyle="sm" color="fg.muted" fontVariantNumeric="tabular-nums">
        <span>
          <Strong>{formatCount(queue.active)}</Strong> under way in all
        </span>
        <span>{dueWords(queue.oldestDueSeconds)}</span>
        <span>
          <Strong>{formatCount(queue.workers)}</Strong> {queue.workers === 1 ? "worker" : "workers"} alive
        </span>
        {queue.unknownMessages > 0 && (
          <Text as="span" color="fg.warning" title="The provider never answered. These are not sent again by themselves">
            {plural(queue.unknownMessages, "message")} of the last day may or may not have arrived
          </Text>
        )}
      </Flex>
    </Box>
  );
}

const dueWords = (seconds: number) =>
  seconds < 1 ? (
    "Nothing is overdue"
  ) : (
    <>
      The oldest work has been due for <Strong>{formatDuration(seconds * 1000)}</Strong>
    </>
  );

function Strong({ children }: { children: string }) {
  return (
    <Text as="span" color="fg" fontWeight="600">
      {children}
    </Text>
  );
}
