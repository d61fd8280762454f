import { Box, Link as ChakraLink, Flex, Heading, Text } from "@chakra-ui/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive, ArchiveRestore, ArrowLeft, Send } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Conversation, ConversationThread as Thread } from "#contract/conversations.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { conversationQuery, refreshConversations } from "#web/entities/conversations/conversation-queries.ts";
import { membersQuery } from "#web/entities/members/member-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { Missing } from "#web/entities/workspace/missing.tsx";
import { api } from "#web/lib/api.ts";
import { Composer } from "./composer.tsx";
import { StopQuestion } from "./stop-question.tsx";
import { ThreadMessage } from "./thread-message.tsx";

interface ConversationThreadProps {
  contactId: string;
  /** The message at which it is shown; the newest, if there is none. */
  around: string | undefined;
  /** What was looked for. Its words are marked. */
  search: string | undefined;
  live: { isLive: boolean };
  onAround: (messageId: string | undefined) => void;
  onClose: () => void;
  onSendFlow: (contact: { id: string; name: string }) => void;
}

/** What was said with one contact, and the place to answer. What came in counts as read once it is shown to somebody who may answer. */
export function ConversationThread({ contactId, around, search, live, onAround, onClose, onSendFlow }: ConversationThreadProps) {
  const client = useQueryClient();
  const { can } = useSession();
  const thread = useQuery(conversationQuery(contactId, around, live));
  const unread = thread.data?.hasNewer === false ? (thread.data.conversation?.unread ?? 0) : 0;
  const shownUpTo = thread.data?.conversation?.lastAt;
  const mayAnswer = can("editor");
  useEffect(() => {
    if (unread === 0 || !mayAnswer || shownUpTo === undefined) return;
    const markRead = () => {
      // Nobody reads in a tab that is not in sight.
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", markRead);
      // Where it cannot be marked, it stays unread, and the next look tries again.
      api("updateConversation", { params: { id: contactId }, body: { read: true, upTo: shownUpTo } }).then(
        () => refreshConversations(client),
        () => {},
      );
    };
    document.addEventListener("visibilitychange", markRead);
    markRead();
    return () => document.removeEventListener("visibilitychange", markRead);
  }, [unread, mayAnswer, contactId, client, shownUpTo]);
  if (thread.isPending) return <SkeletonRows rows={6} rowHeight="16" columns={["60%"]} label="Loading the conversation" />;
  if (thread.data === undefined)
    return (
      <Missing
        kind="contact"
        id={contactId}
        title="This conversation could not be loaded"
        error={thread.error}
        onRetry={() => void thread.refetch()}
        retrying={thread.isFetching}
      />
    );
  return (
    <Flex as="article" aria-label={`Conversation with ${thread.data.contactName}`} direction="column" flex="1" minH="0">
      <Head thread={thread.data} onClose={onClose} onSendFlow={onSendFlow} />
      <Box px={{ base: "3", md: "6" }} py="3" _empty={{ display: "none" }}>
        <StopQuestion thread={thread.data} />
      </Box>
      <Messages thread={thread.data} around={around} search={search} onAround={onAround} />
      {mayAnswer && (
        <Composer
          thread={thread.data}
          onSent={async () => {
            // What was just written stands at the end.
            if (around !== undefined) onAround(undefined);
            await refreshConversations(client);
          }}
        />
      )}
    </Flex>
  );
}

function Head({ thread, onClose, onSendFlow }: { thread: Thread } & Pick<ConversationThreadProps, "onClose" | "onSendFlow">) {
  const { can } = useSession();
  const { contactId: id, contactName: name, conversation } = thread;
  return (
    <Flex px={{ base: "3", md: "6" }} py="2" gap="2" align="center" borderBottomWidth="1px" flexShrink={0} wrap="wrap">
      <Box display={{ base: "block", md: "none" }} ms="-1">
        <IconButton icon={ArrowLeft} label="Back to the list" tooltip="title" onClick={onClose} />
      </Box>
      <Heading as="h2" textStyle="lg" fontWeight="600" flex="1" minW="0" truncate>
        <ChakraLink asChild>
          <Link to="/contacts/$contactId" params={{ contactId: id }} search={{}}>
            {name}
          </Link>
        </ChakraLink>
      </Heading>
      {can("editor") && (
        <Flex gap="2" align="center">
          {conversation && <Assign conversation={conversation} />}
          {conversation && <OpenOrClosed conversation={conversation} />}
          <Button size="sm" icon={Send} onClick={() => onSendFlow({ id, name })}>
            Send Flow
          </Button>
        </Flex>
      )}
    </Flex>
  );
}

/** Changes a conversation and tells where that did not work. */
function useChange(contactId: string) {
  const client = useQueryClient();
  return (body: { status?: Conversation["status"]; assigneeId?: string | null }) =>
    api("updateConversation", { params: { id: contactId }, body }).then(
      () => refreshConversations(client),
      (error: Error) => toast({ status: "error", title: "The conversation was not changed", description: error.message }),
    );
}

function Assign({ conversation }: { conversation: Conversation }) {
  const members = useQuery(membersQuery);
  const change = useChange(conversation.contactId);
  return (
    <Box width={{ base: "7rem", md: "10rem" }}>
      <SelectField
        label="Assigned to"
        hideLabel
        value={conversation.assigneeId ?? "nobody"}
        onChange={(to) => void change({ assigneeId: to === "nobody" ? null : to })}
        options={[
          { value: "nobody", label: "Nobody" },
          ...(members.data?.items ?? []).map(({ userId, name }) => ({ value: userId, label: name })),
        ]}
      />
    </Box>
  );
}

function OpenOrClosed({ conversation }: { conversation: Conversation }) {
  const change = useChange(conversation.contactId);
  const isOpen = conversation.status === "open";
  return (
    <Button size="sm" icon={isOpen ? Archive : ArchiveRestore} onClick={() => void change({ status: isOpen ? "closed" : "open" })}>
      {isOpen ? "Close" : "Reopen"}
    </Button>
  );
}

interface MessagesProps extends Pick<ConversationThreadProps, "around" | "search" | "onAround"> {
  thread: Thread;
}

function Messages({ thread, around, search, onAround }: MessagesProps) {
  const box = useRef<HTMLDivElement>(null);
  const { messages, hasOlder, hasNewer } = thread;
  const last = messages.at(-1)?.id;
  const found = messages.some(({ id }) => id === around) ? around : undefined;
  useEffect(() => {
    if (found !== undefined) box.current?.querySelector(`[data-message="${found}"]`)?.scrollIntoView?.({ block: "center" });
  }, [found]);
  // What is new stands at the end, and that is what is looked at.
  useEffect(() => {
    if (around === undefined && last !== undefined && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [around, last]);
  return (
    <Box
      ref={box}
      flex="1"
      minH="0"
      overflowY="auto"
      px={{ base: "3", md: "6" }}
      py="4"
      tabIndex={0}
      role="log"
      aria-label="Messages of this conversation"
    >
      {hasOlder && (
        <Flex justify="center" mb="4">
          <Button size="xs" onClick={() => onAround(messages[0]?.id)}>
            Show older messages
          </Button>
        </Flex>
      )}
      {messages.length === 0 && (
        <Text textStyle="sm" color="fg.muted" textAlign="center">
          Nothing was said yet.
        </Text>
      )}
      <Flex as="ol" direction="column" gap="3" listStyleType="none">
        {messages.map((message) => (
          <ThreadMessage key={message.id} message={message} search={search} isFound={message.id === found} />
        ))}
      </Flex>
      {hasNewer && (
        <Flex justify="center" mt="4">
          <Button size="xs" onClick={() => onAround(undefined)}>
            Go to the newest message
          </Button>
        </Flex>
      )}
    </Box>
  );
}
