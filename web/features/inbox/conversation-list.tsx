import { Badge, Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Conversation } from "#contract/conversations.ts";
import { plural } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { useDraftedContacts } from "#web/entities/conversations/answer-drafts.ts";
import { membersQuery } from "#web/entities/members/member-queries.ts";
import { ByArrows } from "./by-arrows.tsx";
import { RowButton } from "./row-button.tsx";

interface RowsProps {
  rows: readonly Conversation[];
  openId: string | undefined;
  onOpen: (contactId: string) => void;
}

/** The conversations, the last that came in first. The arrow keys go through them. */
export function ConversationList({ more, ...rows }: RowsProps & { more: ReactNode }) {
  return (
    <ByArrows>
      <ConversationRows {...rows} />
      {more}
    </ByArrows>
  );
}

export function ConversationRows({ rows, openId, onOpen }: RowsProps) {
  const members = useQuery(membersQuery);
  const drafted = useDraftedContacts();
  const nameOf = (id: string | null) => members.data?.items.find(({ userId }) => userId === id)?.name;
  return (
    <Box role="list" aria-label="Conversations">
      {rows.map((row) => (
        <Box key={row.contactId} role="listitem">
          <Row
            row={row}
            isOpen={row.contactId === openId}
            hasDraft={drafted.has(row.contactId) && row.contactId !== openId}
            assignee={nameOf(row.assigneeId)}
            onOpen={() => onOpen(row.contactId)}
          />
        </Box>
      ))}
    </Box>
  );
}

interface RowProps {
  row: Conversation;
  isOpen: boolean;
  /** An answer was begun here, which is not in sight. */
  hasDraft: boolean;
  assignee: string | undefined;
  onOpen: () => void;
}

function Row({ row, isOpen, hasDraft, assignee, onOpen }: RowProps) {
  const look = row.lastChannel && channelLook[row.lastChannel];
  const isUnread = row.unread > 0;
  return (
    <RowButton type="button" data-row aria-current={isOpen || undefined} onClick={onOpen}>
      <Box color="fg.subtle" mt="0.5" flexShrink={0} w="4">
        {look && <look.Icon size={16} aria-label={look.name} />}
      </Box>
      <Box flex="1" minW="0">
        <Flex justify="space-between" gap="3" align="baseline">
          <Text as="span" textStyle="sm" fontWeight={isUnread ? "700" : "500"} truncate>
            {row.contactName}
          </Text>
          <Text as="span" textStyle="xs" color="fg.muted" flexShrink={0}>
            <RelativeTime at={row.lastAt} />
          </Text>
        </Flex>
        <Text as="span" display="block" textStyle="sm" color={isUnread ? "fg" : "fg.muted"} truncate dir="auto">
          {row.lastText ?? "Erased"}
        </Text>
        {(isUnread || hasDraft || row.status === "closed" || assignee || row.lastWord) && (
          <Flex gap="1.5" mt="1" wrap="wrap">
            {isUnread && (
              <Badge size="sm" colorPalette="blue" variant="solid">
                {plural(row.unread, "new message")}
              </Badge>
            )}
            {hasDraft && <Badge size="sm">Draft</Badge>}
            {row.lastWord && <Badge size="sm">{wordLabels[row.lastWord]}</Badge>}
            {row.status === "closed" && <Badge size="sm">Closed</Badge>}
            {assignee && <Badge size="sm">{assignee}</Badge>}
          </Flex>
        )}
      </Box>
    </RowButton>
  );
}

/** What a message asks for, where it is such a word. */
export const wordLabels: Record<NonNullable<Conversation["lastWord"]>, string> = {
  stop: "STOP: no more messages",
  start: "START: messages again",
  help: "Asks for help",
  maybe_stop: "May mean stop: please read",
  maybe_start: "Was asked to answer START",
};
