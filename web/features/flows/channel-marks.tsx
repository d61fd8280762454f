import { Flex, Text } from "@chakra-ui/react";
import { Mail, MessageSquare } from "lucide-react";
import type { Channel } from "#contract/messages.ts";

const looks = { sms: { word: "SMS", Icon: MessageSquare }, email: { word: "E-mail", Icon: Mail } } as const;

/** By which channels a flow speaks. */
export const ChannelMarks = ({ channels }: { channels: readonly Channel[] }) =>
  channels.length === 0 ? (
    <Text as="span" color="fg.subtle">
      None
    </Text>
  ) : (
    <Flex as="span" gap="3" color="fg.muted">
      {channels.map((channel) => {
        const { word, Icon } = looks[channel];
        return (
          <Flex as="span" key={channel} gap="1" align="center">
            <Icon aria-hidden size={14} strokeWidth={1.75} />
            {word}
          </Flex>
        );
      })}
    </Flex>
  );
