import { Box, Flex } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Inbox as InboxIcon, MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { type ConversationFilter, conversationsQuery } from "#web/entities/conversations/conversation-queries.ts";
import { useLiveInbox } from "#web/entities/conversations/use-live-inbox.ts";
import { ConversationFindings } from "./conversation-findings.tsx";
import { ConversationList } from "./conversation-list.tsx";
import { ConversationThread } from "./conversation-thread.tsx";

export interface ConversationsView {
  which: Which;
  search: string | undefined;
  /** The contact whose conversation is open. */
  contactId: string | undefined;
  /** The message of it at which it is open; the newest, if there is none. */
  messageId: string | undefined;
}

export const whichConversations = ["open", "mine", "nobody", "closed", "all"] as const;
export type Which = (typeof whichConversations)[number];

const choices: Record<Which, { label: string; filter: Pick<ConversationFilter, "status" | "assignee"> }> = {
  open: { label: "Open", filter: { status: "open", assignee: "anybody" } },
  mine: { label: "Open, mine", filter: { status: "open", assignee: "me" } },
  nobody: { label: "Open, nobody’s", filter: { status: "open", assignee: "nobody" } },
  closed: { label: "Closed", filter: { status: "closed", assignee: "anybody" } },
  all: { label: "All", filter: { status: "all", assignee: "anybody" } },
};

/** What is longer is not looked for. */
const longestSearch = 100;

interface ConversationsProps {
  view: ConversationsView;
  onChange: (change: Partial<ConversationsView>) => void;
  onSendFlow: (contact: { id: string; name: string }) => void;
  /** Leads to what was sent, for an inbox in which nobody has written yet. */
  toSent: ReactNode;
}

/** Shows who has written beside what was said; on a phone one at a time. */
export function Conversations({ view, onChange, onSendFlow, toSent }: ConversationsProps) {
  const live = useLiveInbox(view.contactId);
  const search = view.search?.trim().slice(0, longestSearch) || undefined;
  const isSearching = search !== undefined;
  const list = useInfiniteQuery({ ...conversationsQuery(choices[view.which].filter, live), enabled: !isSearching });
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const open = view.contactId;
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
            label="Search conversations"
            width="full"
            value={view.search ?? ""}
            onChange={(text) => onChange({ search: text || undefined })}
          />
          {!isSearching && (
            <Box flexShrink={0} width="9rem">
              <SelectField
                label="Which conversations"
                hideLabel
                value={view.which}
                onChange={(which) => onChange({ which })}
                options={whichConversations.map((value) => ({ value, label: choices[value].label }))}
              />
            </Box>
          )}
        </Flex>
        {search !== undefined ? (
          <ConversationFindings
            search={search}
            openId={open}
            messageId={view.messageId}
            onOpen={(contactId, messageId) => onChange({ contactId, messageId })}
            onClear={() => onChange({ search: undefined, which: "all" })}
          />
        ) : list.isPending ? (
          <SkeletonRows rows={8} rowHeight="16" columns={["8%", "80%"]} label="Loading the conversations" />
        ) : list.data === undefined ? (
          <LoadError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
        ) : rows.length === 0 ? (
          <Nothing view={view} toSent={toSent} onClear={() => onChange({ which: "all" })} />
        ) : (
          <ConversationList
            rows={rows}
            openId={open}
            onOpen={(contactId) => onChange({ contactId, messageId: undefined })}
            more={
              list.hasNextPage && (
                <Flex justify="center" p="3">
                  <Button size="xs" onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
                    Load more
                  </Button>
                </Flex>
              )
            }
          />
        )}
      </Flex>
      <Flex direction="column" flex="1" minW="0" minH="0" display={{ base: open ? "flex" : "none", md: "flex" }}>
        {open ? (
          <ConversationThread
            key={open}
            contactId={open}
            around={view.messageId}
            search={search}
            live={live}
            onAround={(messageId) => onChange({ messageId })}
            onClose={() => onChange({ contactId: undefined, messageId: undefined })}
            onSendFlow={onSendFlow}
          />
        ) : (
          (isSearching || rows.length > 0) && (
            <Flex flex="1" align="center" justify="center">
              <EmptyState icon={MessagesSquare} title="Choose a conversation">
                What was said stands here, and you can answer.
              </EmptyState>
            </Flex>
          )
        )}
      </Flex>
    </Flex>
  );
}

function Nothing({ view, toSent, onClear }: { view: ConversationsView; toSent: ReactNode; onClear: () => void }) {
  if (view.which !== "open" && view.which !== "all")
    return (
      <EmptyState icon={InboxIcon} title="None of this kind" action={<Button onClick={onClear}>Show all conversations</Button>}>
        No conversation is here.
      </EmptyState>
    );
  return (
    <EmptyState icon={InboxIcon} title="Nobody is waiting for an answer" action={toSent}>
      When a contact writes, the conversation stands here. In test mode you can open a message that was sent and answer as the contact.
    </EmptyState>
  );
}
