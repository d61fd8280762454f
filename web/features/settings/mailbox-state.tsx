import { Flex, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { Channel } from "#contract/messages.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { mailboxQuery } from "#web/entities/providers/provider-queries.ts";

/** Milliseconds. Somebody who has just saved the mailbox waits to see whether it is read. */
const lookEvery = 5_000;
const lookSeldom = 30_000;

/** Whether the mailbox of the provider in use is read, when it last was, and what keeps it from being read. */
export function MailboxState({ channel }: { channel: Channel }) {
  const mailbox = useQuery({
    ...mailboxQuery(channel),
    refetchInterval: ({ state: { data } }) => (data && data.lastReadAt === null && data.problem === null ? lookEvery : lookSeldom),
  });
  if (mailbox.isError) return <LoadError error={mailbox.error} onRetry={() => mailbox.refetch()} retrying={mailbox.isFetching} />;
  if (!mailbox.data) return <SkeletonRows rows={1} columns={["60%"]} />;
  const { isNamed, lastReadAt, problem, nextAt, taken } = mailbox.data;
  if (!isNamed) return null;
  return (
    <Stack gap="2" aria-live="polite">
      {problem !== null && (
        <Notice status="warning" title="The mailbox cannot be read">
          {problem}.{" "}
          {nextAt && (
            <>
              It is tried again <RelativeTime at={nextAt} />, and at once when these settings are saved.
            </>
          )}{" "}
          Until then no bounces and no answers arrive here; what comes meanwhile waits in the mailbox.
        </Notice>
      )}
      <Flex gap="2" align="center" wrap="wrap" textStyle="sm">
        <StatusBadge
          status={problem !== null ? "failed" : lastReadAt ? "completed" : "pending"}
          label={problem !== null ? "Not read" : lastReadAt ? "Works" : "Not read yet"}
        />
        {lastReadAt ? (
          <Text>
            Mailbox last read <RelativeTime at={lastReadAt} />. {taken === 1 ? "1 mail" : `${taken.toLocaleString("en-US")} mails`} so far
            concerned messages or contacts of this workspace.
          </Text>
        ) : (
          <Text color="fg.muted">
            {problem === null ? "The mailbox is read within a minute. This line changes when it was." : "It was never read."}
          </Text>
        )}
      </Flex>
    </Stack>
  );
}
