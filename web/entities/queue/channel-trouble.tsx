import { chakra, Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Channel } from "#contract/messages.ts";
import type { ChannelLimit } from "#contract/queue.ts";
import { reasons } from "#contract/reasons.ts";
import { Button } from "#ui/button.tsx";
import { momentWords, zoneName } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { toast } from "#ui/toaster.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { isOverdue } from "#web/lib/overdue.ts";
import { alertMarkInterval, queueQuery, refreshQueue } from "./queue-query.ts";

const ChakraLink = chakra(Link, { base: { color: "fg.link", _hover: { textDecoration: "underline" } } });

const waitingFor: Record<Channel, string> = { email: "Waiting for the mail server", sms: "Waiting for the SMS provider" };

/** Every channel whose provider takes no messages at the moment: why, since when, and what a person can do about it. */
export function ChannelTroubles({ channels }: { channels: readonly ChannelLimit[] }) {
  const troubled = channels.filter(({ trouble }) => trouble !== null);
  if (troubled.length === 0) return null;
  return (
    <Stack gap="2">
      {troubled.map((limit) => (
        <ChannelTrouble key={limit.channel} limit={limit} />
      ))}
    </Stack>
  );
}

/** The same on a page that does not read the queue itself. It says nothing while that cannot be known. */
export function CurrentChannelTroubles() {
  const { data } = useQuery(queueQuery(alertMarkInterval));
  return data ? <ChannelTroubles channels={data.channels} /> : null;
}

function ChannelTrouble({ limit: { channel, trouble, closedUntil } }: { limit: ChannelLimit }) {
  const { can, workspace } = useSession();
  const queryClient = useQueryClient();
  const tryNow = useMutation({
    mutationFn: () => api("tryChannel", { params: { channel } }),
    onSuccess: () => {
      toast({ title: "Trying one message now", description: "When it is taken, the others follow.", status: "success" });
      return refreshQueue(queryClient);
    },
    onError: (error) => toast({ title: "It could not be tried", description: error.message, status: "error" }),
  });
  if (!trouble) return null;
  const now = Date.now();
  return (
    <Notice
      status="warning"
      title={waitingFor[channel]}
      action={
        can("editor") && (
          <Button size="xs" onClick={() => tryNow.mutate()} busy={tryNow.isPending}>
            Try now
          </Button>
        )
      }
    >
      <Text>
        {reasons[trouble.reason].text}, since <RelativeTime at={trouble.since} />. Messages wait and none is lost.
        {closedUntil && !isOverdue(closedUntil, now) && (
          <>
            {" "}
            Next try {momentWords(closedUntil, now, workspace.timeZone)} ({zoneName(workspace.timeZone)}).
          </>
        )}
      </Text>
      {trouble.text && <Text color="fg.muted">{trouble.text}</Text>}
      <Flex mt="1">
        <ChakraLink to="/settings/channels">Open the channel's settings</ChakraLink>
      </Flex>
    </Notice>
  );
}
