import { Box, Flex, Text } from "@chakra-ui/react";
import { type KeyboardEvent, memo, useCallback, useEffect, useRef } from "react";
import type { Message } from "#contract/messages.ts";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { MessageBadge } from "#web/entities/messages/message-badge.tsx";
import { RowButton } from "./row-button.tsx";

interface MessageListProps {
  messages: Message[];
  openId: string | undefined;
  onOpen: (id: string) => void;
  hasMore: boolean;
  isLoadingMore: boolean;
  onMore: () => void;
  moreError: Error | null;
  onRetryMore: () => void;
}

export function MessageList({ messages, openId, onOpen, hasMore, isLoadingMore, onMore, moreError, onRetryMore }: MessageListProps) {
  const list = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  const mayLoad = hasMore && !isLoadingMore && moreError === null;
  // A new observer tells at once whether the end is in sight, also where a page that ended short did not move it out of sight.
  useEffect(() => {
    if (!mayLoad || !end.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && more.current(), {
      root: list.current,
      rootMargin: "400px",
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [mayLoad]);

  const opener = useRef(onOpen);
  opener.current = onOpen;
  const open = useCallback((id: string) => opener.current(id), []);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const rows = [...(list.current?.querySelectorAll<HTMLButtonElement>("[data-message]") ?? [])];
    const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(event.target as HTMLButtonElement) + step))];
    next?.focus();
    if (next?.dataset.message) onOpen(next.dataset.message);
  };

  return (
    <Box ref={list} flex="1" minH="0" overflowY="auto" onKeyDown={move} role="list" aria-label="Messages">
      {messages.map((message) => (
        <Box key={message.id} role="listitem">
          <MessageRow message={message} isOpen={message.id === openId} onOpen={open} />
        </Box>
      ))}
      {moreError ? (
        <LoadError title="Older messages could not be loaded" error={moreError} onRetry={onRetryMore} retrying={isLoadingMore} />
      ) : (
        hasMore && (
          <Flex ref={end} justify="center" p="3">
            <Button size="xs" onClick={onMore} busy={isLoadingMore}>
              Load more
            </Button>
          </Flex>
        )
      )}
    </Box>
  );
}

/** Only messages that did not go as planned get a badge in the list. */
const unremarkable = new Set(["sent", "delivered"]);

interface MessageRowProps {
  message: Message;
  isOpen: boolean;
  onOpen: (id: string) => void;
}

/** Drawn again only when its own message changed: the list is looked at every two seconds. */
const MessageRow = memo(function MessageRow({ message, isOpen, onOpen }: MessageRowProps) {
  const { Icon, name } = channelLook[message.channel];
  return (
    <RowButton
      type="button"
      data-message={message.id}
      aria-current={isOpen || undefined}
      onClick={() => onOpen(message.id)}
      // Long lists: what is off screen is not laid out.
      css={{ contentVisibility: "auto", containIntrinsicHeight: "66px" }}
    >
      <Box color="fg.subtle" mt="0.5" flexShrink={0}>
        <Icon size={16} aria-label={name} />
      </Box>
      <Box flex="1" minW="0">
        <Flex justify="space-between" gap="3" align="baseline">
          <Text as="span" textStyle="sm" fontWeight="500" truncate>
            {message.contactName ?? message.to ?? "No recipient"}
          </Text>
          <Text as="span" textStyle="xs" color="fg.muted" flexShrink={0}>
            <RelativeTime at={message.createdAt} />
          </Text>
        </Flex>
        <Text as="span" display="block" textStyle="sm" color="fg.muted" truncate>
          {message.subject ? `${message.subject}: ` : ""}
          {message.body ?? ""}
        </Text>
        {!unremarkable.has(message.status) && (
          <Box mt="1">
            <MessageBadge message={message} />
          </Box>
        )}
      </Box>
    </RowButton>
  );
});
