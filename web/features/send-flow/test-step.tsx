import { Box, Flex, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";
import type { Channel } from "#contract/messages.ts";
import { withoutTokens } from "#contract/tracking-paths.ts";
import { nodeIcon } from "#nodes/describe-node.tsx";
import { plural } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

interface TestStepProps {
  type: string;
  label: string;
  /** What became of it. */
  badge: ReactNode;
  /** What is told below the name, each on a line of its own. */
  notes: readonly (string | null)[];
  /** `to`: null where it goes to who looks at it. */
  message: { channel: Channel; to: string | null; subject: string | null; text: string | null; segments: number | null } | null;
}

/** One step of a test: what it was, what became of it, and the message that leaves there. */
export function TestStep({ type, label, badge, notes, message }: TestStepProps) {
  const Icon = nodeIcon(type);
  return (
    <Flex as="li" gap="2.5" align="flex-start" textStyle="sm">
      <Box color="fg.muted" pt="0.5" flexShrink={0}>
        <Icon aria-hidden size={16} strokeWidth={1.75} />
      </Box>
      <Box flex="1" minW="0">
        <Flex gap="2" align="center" justify="space-between" wrap="wrap" rowGap="1">
          <Text fontWeight="medium" minW="0" overflowWrap="anywhere">
            {label}
          </Text>
          {badge}
        </Flex>
        {notes.map(
          (note) =>
            note && (
              <Text key={note} textStyle="xs" color="fg.muted" overflowWrap="anywhere">
                {note}
              </Text>
            ),
        )}
        {message && (
          <Box mt="1.5" px="3" py="2" bg="bg.subtle" borderWidth="1px" borderRadius="l2">
            <Text textStyle="xs" color="fg.muted" overflowWrap="anywhere">
              {channelLook[message.channel].name} to {message.to ?? "you"}
              {message.segments !== null && ` · ${plural(message.segments, "part")}`}
            </Text>
            {message.subject && (
              <Text fontWeight="medium" overflowWrap="anywhere">
                {message.subject}
              </Text>
            )}
            <Text whiteSpace="pre-wrap" overflowWrap="anywhere" maxH="32" overflowY="auto" tabIndex={0} dir="auto">
              {message.text === null ? "" : withoutTokens(message.text)}
            </Text>
          </Box>
        )}
      </Box>
    </Flex>
  );
}
