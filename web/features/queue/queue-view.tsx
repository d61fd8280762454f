import { Box, Flex, Skeleton, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, WifiOff } from "lucide-react";
import type { ReactNode } from "react";
import type { QueuedSend } from "#contract/queue.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { momentWords, zoneName } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { ChannelTroubles } from "#web/entities/queue/channel-trouble.tsx";
import { queuePageInterval, queueQuery } from "#web/entities/queue/queue-query.ts";
import { AlertList } from "./alert-list.tsx";
import { QueueFigures } from "./queue-figures.tsx";
import { LimitList } from "./queue-limits.tsx";
import { QueuedSends } from "./queued-sends.tsx";

interface QueueViewProps {
  actions?: (send: QueuedSend) => ReactNode;
  /** Whether this person may change the limits. */
  editable: boolean;
  zone: string;
}

/** The queue of the workspace: its alerts, the sends under way, what they wait for, and its limits. It is kept up to date. */
export function QueueView({ actions, editable, zone }: QueueViewProps) {
  const query = useQuery(queueQuery(queuePageInterval));
  const { data: queue } = query;
  if (!queue) {
    return query.isError ? (
      <LoadError
        title="The queue could not be loaded"
        error={query.error}
        onRetry={() => void query.refetch()}
        retrying={query.isRefetching}
      />
    ) : (
      <Stack gap="6" px={{ base: "4", md: "6" }} py="5" role="status" aria-busy aria-label="Loading the queue">
        <Skeleton height="28" />
        <Skeleton height="40" />
        <Skeleton height="48" />
      </Stack>
    );
  }
  return (
    <Stack gap="7" px={{ base: "4", md: "6" }} py="5" maxW="72rem">
      {query.isError && (
        <Flex role="alert" gap="2" align="center" color="fg.warning" textStyle="sm">
          <WifiOff aria-hidden size={14} />
          <Text>
            Not updated since {momentWords(queue.at, Date.now(), zone)} ({zoneName(zone)}): {query.error.message}
          </Text>
        </Flex>
      )}
      <AlertList alerts={queue.alerts} />
      <ChannelTroubles channels={queue.channels} />
      <QueueFigures queue={queue} />
      {queue.sends.length > 0 ? (
        <QueuedSends sends={queue.sends} actions={actions} />
      ) : (
        <Box borderWidth="1px" borderRadius="l2">
          <EmptyState icon={CircleCheck} title="Nothing is under way">
            Every send has ended. A new one appears here while it runs.
          </EmptyState>
        </Box>
      )}
      <LimitList queue={queue} editable={editable} zone={zone} />
    </Stack>
  );
}
