import { Flex, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { Channel } from "#contract/messages.ts";
import { CopyField } from "#ui/copy-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { inboundAddressQuery } from "#web/entities/providers/provider-queries.ts";

interface InboundAddressProps {
  channel: Channel;
  provider: string;
  inUse: boolean;
  /** How to enter the address at the provider. */
  howTo: string;
}

/** Milliseconds. Somebody who has just sent a test message waits for the first call. */
const lookEvery = 4_000;

/** The address that a provider calls, to be copied, and whether it ever has. */
export function InboundAddress({ channel, provider, inUse, howTo }: InboundAddressProps) {
  const address = useQuery({
    ...inboundAddressQuery(channel),
    refetchInterval: ({ state: { data } }) => (inUse && data && !lastCallOf(data.arrivals, provider) ? lookEvery : false),
  });
  if (address.isError) return <LoadError error={address.error} onRetry={() => address.refetch()} retrying={address.isFetching} />;
  if (!address.data) return <SkeletonRows rows={1} columns={["70%"]} />;
  const { url, isReachable, arrivals } = address.data;
  if (url === null || !isReachable) {
    return (
      <Notice status="warning" title="Nobody on the internet can call this instance">
        So no answers arrive here, not even STOP, and no delivery reports. The operator must set PUBLIC_URL to an address that the internet
        can reach.
      </Notice>
    );
  }
  const lastAt = lastCallOf(arrivals, provider);
  return (
    <Stack gap="2">
      <CopyField label="Webhook address" value={url} help={howTo} />
      {inUse && (
        <Flex gap="2" align="center" wrap="wrap" textStyle="sm" aria-live="polite">
          <StatusBadge status={lastAt ? "completed" : "pending"} label={lastAt ? "Works" : "Not called yet"} />
          {lastAt ? (
            <Text>
              Last call <RelativeTime at={lastAt} />, with the right signature.
            </Text>
          ) : (
            <Text color="fg.muted">Send a test message: its delivery report is a call. This line changes when it has arrived.</Text>
          )}
        </Flex>
      )}
    </Stack>
  );
}

const lastCallOf = (arrivals: readonly { provider: string; lastAt: string }[], provider: string): string | undefined =>
  arrivals.find((arrival) => arrival.provider === provider)?.lastAt;
