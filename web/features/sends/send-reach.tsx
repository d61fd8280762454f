import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { reasons } from "#contract/reasons.ts";
import type { Send } from "#contract/sends.ts";
import { formatCount } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import type { Missed } from "#web/entities/executions/missed-words.ts";
import { channelTotals } from "#web/entities/sends/send-outcome.ts";

const Figure = chakra("button", {
  base: {
    cursor: "pointer",
    textAlign: "start",
    color: "fg.link",
    borderRadius: "l1",
    focusVisibleRing: "outside",
    _hover: { textDecoration: "underline" },
  },
});

interface SendReachProps {
  send: Send;
  /** Shows the executions of which such a message did not leave. */
  onShow: (missed: Missed) => void;
}

/** Says how many contacts a send has reached, and which of its messages did not leave and why. */
export function SendReach({ send, onShow }: SendReachProps) {
  const channels = channelTotals(send.messageCounts);
  if (send.reached === null || channels.length === 0) return null;
  const unreached = send.unreached ?? 0;
  return (
    <Box as="section" aria-label="Messages of this send" display="grid" gap="1.5" textStyle="sm" fontVariantNumeric="tabular-nums">
      <Flex gap="2" wrap="wrap">
        <Text as="span">
          Reached: <strong>{formatCount(send.reached)}</strong>
        </Text>
        <Text as="span" color="fg.subtle" aria-hidden>
          ·
        </Text>
        {unreached === 0 ? (
          <Text as="span" color="fg.muted">
            Nobody could be written to: 0
          </Text>
        ) : (
          <Figure type="button" onClick={() => onShow("nobody")} color="fg.error" fontWeight="600">
            Nobody could be written to: {formatCount(unreached)}
          </Figure>
        )}
      </Flex>
      {channels.map(({ channel, sent, missed }) => {
        const { Icon, name } = channelLook[channel];
        const count = missed.reduce((sum, one) => sum + one.count, 0);
        return (
          <Flex key={channel} gap="2" rowGap="1" wrap="wrap" align="center" role="group" aria-label={`${name} messages`}>
            <Flex as="span" gap="1.5" align="center" color="fg.muted">
              <Icon aria-hidden size={14} /> {name}: {formatCount(sent)} sent
            </Flex>
            {count > 0 && (
              <Figure type="button" onClick={() => onShow(channel)}>
                {formatCount(count)} not sent
              </Figure>
            )}
            {missed.map(({ reason, count: number }) => (
              <Figure key={reason} type="button" onClick={() => onShow(`${channel}:${reason}`)} color="fg.muted">
                {reasons[reason].text} ({formatCount(number)})
              </Figure>
            ))}
          </Flex>
        );
      })}
    </Box>
  );
}
