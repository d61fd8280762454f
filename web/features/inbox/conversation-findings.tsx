import { Box, Flex, Heading, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { FoundMessage } from "#contract/conversations.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { conversationSearchQuery } from "#web/entities/conversations/conversation-queries.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { ByArrows } from "./by-arrows.tsx";
import { ConversationRows } from "./conversation-list.tsx";
import { MarkedText } from "./marked-text.tsx";
import { RowButton } from "./row-button.tsx";

interface ConversationFindingsProps {
  search: string;
  openId: string | undefined;
  /** The message at which the conversation is open. */
  messageId: string | undefined;
  onOpen: (contactId: string, messageId: string | undefined) => void;
  onClear: () => void;
}

/** What a search found: conversations by who they are with, and messages by their words. A message opens its conversation where it stands. */
export function ConversationFindings({ search, openId, messageId, onOpen, onClear }: ConversationFindingsProps) {
  const found = useQuery(conversationSearchQuery(search));
  if (found.isPending) return <SkeletonRows rows={8} rowHeight="16" columns={["8%", "80%"]} label="Searching the conversations" />;
  if (found.data === undefined)
    return (
      <LoadError
        title={isApiError(found.error, "search_took_too_long") ? "This search takes too long" : "The conversations could not be searched"}
        error={found.error}
        onRetry={() => void found.refetch()}
        retrying={found.isFetching}
      />
    );
  const { conversations, messages, moreConversations, moreMessages } = found.data;
  if (conversations.length + messages.length === 0)
    return (
      <EmptyState icon={SearchX} title="Nothing was found" action={<Button onClick={onClear}>Show all conversations</Button>}>
        Search looks for the beginning of words in all messages, and for the contact’s name, number or e-mail address.
      </EmptyState>
    );
  return (
    <Box
      display="flex"
      flexDirection="column"
      flex="1"
      minH="0"
      opacity={found.isPlaceholderData ? 0.6 : 1}
      aria-busy={found.isPlaceholderData}
    >
      <ByArrows>
        {conversations.length > 0 && (
          <>
            <Title>Contacts</Title>
            <ConversationRows
              rows={conversations}
              openId={messageId === undefined ? openId : undefined}
              onOpen={(id) => onOpen(id, undefined)}
            />
            {moreConversations && <More>More contacts match. Write more of the name or number.</More>}
          </>
        )}
        {messages.length > 0 && (
          <>
            <Title>Messages</Title>
            <Box role="list" aria-label="Messages that were found">
              {messages.map((message) => (
                <Box key={message.id} role="listitem">
                  <Found
                    message={message}
                    search={search}
                    isOpen={message.id === messageId}
                    onOpen={() => onOpen(message.contactId, message.id)}
                  />
                </Box>
              ))}
            </Box>
            {moreMessages && <More>These are the newest {messages.length}. Add a word to find older ones.</More>}
          </>
        )}
      </ByArrows>
    </Box>
  );
}

const Title = ({ children }: { children: string }) => (
  <Heading as="h2" textStyle="label" color="fg.muted" px="4" pt="3" pb="1.5">
    {children}
  </Heading>
);

const More = ({ children }: { children: React.ReactNode }) => (
  <Text role="note" px="4" py="3" textStyle="sm" color="fg.muted">
    {children}
  </Text>
);

interface FoundProps {
  message: FoundMessage;
  search: string;
  isOpen: boolean;
  onOpen: () => void;
}

function Found({ message, search, isOpen, onOpen }: FoundProps) {
  const { Icon, name } = channelLook[message.channel];
  return (
    <RowButton type="button" data-row aria-current={isOpen || undefined} onClick={onOpen}>
      <Box color="fg.subtle" mt="0.5" flexShrink={0} w="4">
        <Icon size={16} aria-label={name} />
      </Box>
      <Box flex="1" minW="0">
        <Flex justify="space-between" gap="3" align="baseline">
          <Text as="span" textStyle="sm" fontWeight="500" truncate>
            <MarkedText text={message.contactName} search={search} />
          </Text>
          <Text as="span" textStyle="xs" color="fg.muted" flexShrink={0}>
            <RelativeTime at={message.at} />
          </Text>
        </Flex>
        <Text as="span" display="block" textStyle="sm" color="fg.muted" lineClamp={2} dir="auto">
          {message.direction === "out" && "You: "}
          <MarkedText text={message.text} search={search} />
        </Text>
      </Box>
    </RowButton>
  );
}
