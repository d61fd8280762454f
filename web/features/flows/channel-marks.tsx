import { Flex, Text } from "@chakra-ui/react";
import type { Channel } from "#contract/messages.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

/** The channels that a flow uses. */
export function ChannelMarks({ channels }: { channels: readonly Channel[] }) {
  return channels.length === 0 ? (
    <Text as="span" color="fg.subtle">
      None
    </Text>
  ) : (
    <Flex as="span" gap="3" color="fg.muted">
      {channels.map((channel) => {
        const { name, Icon } = channelLook[channel];
        return (
          <Flex as="span" key={channel} gap="1" align="center">
            <Icon aria-hidden size={14} strokeWidth={1.75} />
            {name}
          </Flex>
        );
      })}
    </Flex>
  );
}
