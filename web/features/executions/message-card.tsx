import { Box, Flex, Text } from "@chakra-ui/react";
import type { Message } from "#contract/messages.ts";
import { plural } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { reasonWords } from "#web/entities/executions/reason-words.ts";
import { isKeptHere, MessageBadge } from "#web/entities/messages/message-badge.tsx";
import { MessageTracked } from "#web/entities/messages/message-tracked.tsx";

/** A message with its address, provider, status and text. */
export function MessageCard({ message, zone }: { message: Message; zone: string }) {
  const { Icon, name } = channelLook[message.channel];
  const isCaptured = isKeptHere(message);
  const removed = message.contactId === null && message.to === null && message.body === null;
  return (
    <Box borderWidth="1px" borderRadius="l2" overflow="hidden" textStyle="sm">
      <Flex gap="2" align="center" px="3" py="1.5" bg="bg.subtle" borderBottomWidth="1px" wrap="wrap" rowGap="1">
        <Icon aria-hidden size={16} strokeWidth={1.75} />
        <Text overflowWrap="anywhere">
          {name} to {message.to ?? (removed ? "a deleted contact" : "no address")}
        </Text>
        <MessageBadge message={message} />
        <Box flex="1" />
        <Text as="span" textStyle="xs" color="fg.muted">
          <RelativeTime at={message.sentAt ?? message.createdAt} zone={zone} />
        </Text>
      </Flex>
      <Box px="3" py="2">
        {(message.reason || message.errorMessage) && (
          <Text color={message.status === "failed" ? "fg.error" : "fg.muted"} mb="1">
            {[message.reason && `${reasonWords(message.reason).text}.`, message.errorMessage].filter(Boolean).join(" ")}
          </Text>
        )}
        {message.subject && (
          <Text fontWeight="500" overflowWrap="anywhere">
            {message.subject}
          </Text>
        )}
        {removed && <Text color="fg.muted">The address and the text were removed with the contact.</Text>}
        <Text whiteSpace="pre-wrap" overflowWrap="anywhere" maxH="64" overflowY="auto" tabIndex={0}>
          {message.body}
        </Text>
        <Text textStyle="xs" color="fg.muted" mt="1">
          {[
            message.from && `From ${message.from}`,
            message.segments !== null && plural(message.segments, "segment"),
            !isCaptured && `by ${message.provider}`,
            message.providerMessageId && `provider’s id ${message.providerMessageId}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
        {message.tracked && <MessageTracked tracked={message.tracked} />}
      </Box>
    </Box>
  );
}
