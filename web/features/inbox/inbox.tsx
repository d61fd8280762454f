import { Box, Flex, Spinner } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { MailOpen } from "lucide-react";
import { type Channel, channels } from "#contract/messages.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { UnreadableFilter } from "#ui/unreadable-filter.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { messageQuery } from "#web/entities/messages/message-queries.ts";
import { Missing } from "#web/entities/workspace/missing.tsx";
import { EmptyInbox } from "./empty-inbox.tsx";
import { MessageList } from "./message-list.tsx";
import { MessageView } from "./message-view.tsx";
import { useMessages } from "./use-messages.ts";

export interface InboxView {
  channel: Channel | undefined;
  search: string | undefined;
  /** The message that is open. */
  messageId: string | undefined;
}

interface InboxProps {
  view: InboxView;
  /** Parts of the address that name no filter. While there are any, nothing is listed. */
  unreadable?: readonly string[];
  onChange: (change: Partial<InboxView>) => void;
  /** Opens the conversation with a contact. */
  onConversation?: (contactId: string) => void;
}

const filterOptions = [
  { value: "all", label: "SMS and e-mail" },
  ...channels.map((channel) => ({ value: channel, label: channelLook[channel].name })),
] as const;

/** The list of messages beside the open one; on a phone one at a time. */
export function Inbox({ view, unreadable = [], onChange, onConversation }: InboxProps) {
  const isReadable = unreadable.length === 0;
  const messages = useMessages(view, { enabled: isReadable });
  const open = view.messageId;
  const isFiltered = view.channel !== undefined || view.search !== undefined;
  return (
    <Flex flex="1" minH="0">
      <Flex
        direction="column"
        width={{ base: "full", md: "22rem" }}
        flexShrink={0}
        minH="0"
        borderEndWidth={{ md: "1px" }}
        display={{ base: open ? "none" : "flex", md: "flex" }}
      >
        <Flex gap="2" p="2" borderBottomWidth="1px" flexShrink={0}>
          <SearchField
            label="Search messages"
            width="full"
            value={view.search ?? ""}
            onChange={(text) => onChange({ search: text || undefined })}
          />
          <Box flexShrink={0} width="9.5rem">
            <SelectField
              label="Channel"
              hideLabel
              value={view.channel ?? "all"}
              onChange={(channel) => onChange({ channel: channel === "all" ? undefined : channel })}
              options={filterOptions}
            />
          </Box>
        </Flex>
        {!isReadable ? (
          <UnreadableFilter
            parts={unreadable}
            clearLabel="Show all messages"
            onClear={() => onChange({ search: undefined, channel: undefined })}
          />
        ) : messages.error ? (
          <LoadError error={messages.error} onRetry={messages.retry} retrying={messages.isRetrying} />
        ) : messages.isPending ? (
          <SkeletonRows rows={8} rowHeight="16" columns={["8%", "80%"]} label="Loading the messages" />
        ) : messages.looksFurther && messages.moreError ? (
          <LoadError error={messages.moreError} onRetry={messages.retryMore} retrying={messages.isLoadingMore} />
        ) : messages.looksFurther ? (
          <LooksFurther />
        ) : messages.rows.length === 0 ? (
          <EmptyInbox isFiltered={isFiltered} onClear={() => onChange({ search: undefined, channel: undefined })} />
        ) : (
          <MessageList
            messages={messages.rows}
            openId={open}
            onOpen={(id) => onChange({ messageId: id })}
            hasMore={messages.hasMore}
            isLoadingMore={messages.isLoadingMore}
            onMore={messages.loadMore}
            moreError={messages.moreError}
            onRetryMore={messages.retryMore}
          />
        )}
      </Flex>
      <Flex direction="column" flex="1" minW="0" minH="0" display={{ base: open ? "flex" : "none", md: "flex" }}>
        {open ? (
          <OpenMessage id={open} onClose={() => onChange({ messageId: undefined })} onConversation={onConversation} />
        ) : (
          isReadable &&
          messages.rows.length > 0 && (
            <Flex flex="1" align="center" justify="center">
              <EmptyState icon={MailOpen} title="Choose a message">
                It is shown as the contact would see it.
              </EmptyState>
            </Flex>
          )
        )}
      </Flex>
    </Flex>
  );
}

/** Nothing was found among the newest messages, and older ones are being read. */
function LooksFurther() {
  return (
    <Flex role="status" align="center" justify="center" gap="2" px="6" py="16" color="fg.muted" textStyle="sm">
      <Spinner size="sm" />
      Looking through older messages…
    </Flex>
  );
}

/** The open message is read by its id, so that it stays open when the filter no longer lists it, and a link to it works. */
function OpenMessage({ id, onClose, onConversation }: { id: string; onClose: () => void; onConversation: InboxProps["onConversation"] }) {
  const message = useQuery(messageQuery(id));
  if (message.isError && !message.data) {
    return (
      <Missing
        kind="message"
        id={id}
        title="This message could not be loaded"
        error={message.error}
        onRetry={() => message.refetch()}
        retrying={message.isFetching}
      />
    );
  }
  if (!message.data) return <SkeletonRows rows={4} columns={["30%", "50%"]} label="Loading the message" />;
  return <MessageView key={id} message={message.data} onClose={onClose} onConversation={onConversation} />;
}
