import { Box, Link as ChakraLink, Flex, Stack, Text } from "@chakra-ui/react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  BellOff,
  CheckCheck,
  CircleAlert,
  Hand,
  type LucideIcon,
  MailWarning,
  MessageSquareOff,
  MessageSquareWarning,
  PlugZap,
  ShieldCheck,
  ShieldQuestionMark,
} from "lucide-react";
import { noticeWords } from "#contract/notice-words.ts";
import type { Notice, NoticeKind } from "#contract/notices.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { isolated, plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { noticesQuery, refreshNotices } from "#web/entities/notices/notice-queries.ts";
import { api } from "#web/lib/api.ts";

/** What a member should know of, the newest first. Each can be marked as read, and all of them at once. */
export function NoticeList() {
  const client = useQueryClient();
  const list = useInfiniteQuery(noticesQuery);
  const notices = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const read = useMutation({
    mutationFn: (body: { upto: string; ids?: string[] }) => api("readNotices", { body }),
    onSettled: () => refreshNotices(client),
    onError: (error) => toast({ status: "error", title: "It was not marked as read", description: error.message }),
  });
  if (list.isPending) return <SkeletonRows rows={5} columns={["4%", "60%", "12%"]} rowHeight="14" label="Loading the notices" />;
  if (!list.data)
    return (
      <LoadError
        error={list.error}
        title="The notices could not be loaded"
        onRetry={() => void list.refetch()}
        retrying={list.isRefetching}
      />
    );
  const [newest] = notices;
  if (!newest)
    return (
      <EmptyState icon={BellOff} title="Nothing to tell">
        Here you are told when a channel cannot send, when marketing e-mail was paused, when a send ends with errors or is held after its
        first contacts, and when somebody may have asked for no more messages, or wants them again and still gets none. Admins are told what
        waits for their approval, and whoever asked is told what became of it.
      </EmptyState>
    );
  return (
    <>
      {notices.some(({ isUnread }) => isUnread) && (
        <Flex justify="flex-end" mb="2">
          <Button size="xs" icon={CheckCheck} onClick={() => read.mutate({ upto: newest.at })} busy={read.isPending}>
            Mark all as read
          </Button>
        </Flex>
      )}
      <Stack as="ul" gap="0" listStyleType="none" aria-label="Notices">
        {notices.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} onRead={() => read.mutate({ upto: notice.at, ids: [notice.id] })} />
        ))}
      </Stack>
      {list.hasNextPage && (
        <Button size="sm" tone="ghost" mt="2" onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
          Show earlier
        </Button>
      )}
    </>
  );
}

const icons: Record<NoticeKind, LucideIcon> = {
  provider_down: PlugZap,
  mail_guard: MailWarning,
  send_errors: CircleAlert,
  maybe_stop: MessageSquareWarning,
  still_stopped: MessageSquareOff,
  approval_asked: ShieldQuestionMark,
  approval_decided: ShieldCheck,
  canary_held: Hand,
};

function NoticeLine({ notice, onRead }: { notice: Notice; onRead: () => void }) {
  const { title, advice } = noticeWords({
    ...notice,
    contactName: notice.contactName && isolated(notice.contactName),
    flowName: notice.flowName && isolated(notice.flowName),
  });
  const Icon = icons[notice.kind];
  return (
    <Flex as="li" gap="3" py="3" borderBottomWidth="1px" borderColor="border.muted" align="flex-start">
      <Box color={notice.isUnread ? "status.waiting" : "fg.muted"} pt="0.5" flexShrink="0">
        <Icon size={18} aria-hidden />
      </Box>
      <Box minW="0" flex="1">
        <Text textStyle="sm" fontWeight={notice.isUnread ? "600" : undefined} overflowWrap="anywhere">
          {notice.isUnread && (
            <Box as="span" srOnly>
              Unread:{" "}
            </Box>
          )}
          {title}
        </Text>
        <Text textStyle="sm" color="fg.muted">
          {advice}
        </Text>
        <Flex gap="3" mt="1" textStyle="xs" color="fg.muted" wrap="wrap" align="center">
          <RelativeTime at={notice.at} />
          {notice.times > 1 && <span>{plural(notice.times, "time")}</span>}
          <Where notice={notice} onOpen={notice.isUnread ? onRead : undefined} />
          {notice.isUnread && (
            <Button size="xs" tone="ghost" onClick={onRead}>
              Mark as read
            </Button>
          )}
        </Flex>
      </Box>
    </Flex>
  );
}

/** The place where something can be done about it. Who goes there has read it. */
function Where({ notice: { kind, sendId, contactId }, onOpen }: { notice: Notice; onOpen: (() => void) | undefined }) {
  const look = { onClick: () => onOpen?.() };
  if ((kind === "send_errors" || kind === "canary_held" || kind === "approval_asked" || kind === "approval_decided") && sendId)
    return (
      <ChakraLink asChild textDecoration="underline">
        <Link to="/sends/$sendId" params={{ sendId }} search={{}} {...look}>
          Open the send
        </Link>
      </ChakraLink>
    );
  if ((kind === "maybe_stop" || kind === "still_stopped") && contactId)
    return (
      <ChakraLink asChild textDecoration="underline">
        <Link to="/inbox" search={{ contact: contactId }} {...look}>
          Read what was written
        </Link>
      </ChakraLink>
    );
  if (kind === "mail_guard")
    return (
      <ChakraLink asChild textDecoration="underline">
        <Link to="/sends" search={{}} {...look}>
          Open the sends
        </Link>
      </ChakraLink>
    );
  return (
    <ChakraLink asChild textDecoration="underline">
      <Link to="/settings/channels" {...look}>
        Open the channels
      </Link>
    </ChakraLink>
  );
}
