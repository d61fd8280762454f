import { Box, chakra, Flex, Icon, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import type { Channel } from "#contract/messages.ts";
import { reasons } from "#contract/reasons.ts";
import type { Send } from "#contract/sends.ts";
import { formatCount, upperFirst } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import type { Missed } from "#web/entities/executions/missed-words.ts";
import { type ChannelTotals, capturedChannels, channelTotals } from "#web/entities/sends/send-outcome.ts";

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
  const captured = send.captured ?? 0;
  const unreached = send.unreached ?? 0;
  const inTestMode = capturedChannels(send.messageCounts);
  return (
    <Box as="section" aria-label="Messages of this send" display="grid" gap="1.5" textStyle="sm" fontVariantNumeric="tabular-nums">
      <Flex gap="2" wrap="wrap">
        {!send.isTest && (
          <>
            <Text as="span">
              Reached: <strong>{formatCount(send.reached)}</strong>
            </Text>
            <Dot />
          </>
        )}
        {captured > 0 && (
          <>
            <Figure type="button" onClick={() => onShow("captured")} fontWeight="600">
              {reasons.test_mode.text}: {formatCount(captured)}
            </Figure>
            <Dot />
          </>
        )}
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
      {channels.map((totals) => (
        <ChannelLine key={totals.channel} totals={totals} onShow={onShow} />
      ))}
      {inTestMode.length > 0 && <WhyKeptHere channels={send.isTest ? null : inTestMode} />}
    </Box>
  );
}

const Dot = () => (
  <Text as="span" color="fg.subtle" aria-hidden>
    ·
  </Text>
);

/** The messages of one channel: how many left, how many did not, and why. */
function ChannelLine({ totals: { channel, sent, missed }, onShow }: { totals: ChannelTotals; onShow: SendReachProps["onShow"] }) {
  const { Icon: Glyph, name } = channelLook[channel];
  const count = missed.reduce((sum, one) => sum + one.count, 0);
  const isTestOnly = count > 0 && missed.every(({ reason }) => reason === "test_mode");
  return (
    <Flex gap="2" rowGap="1" wrap="wrap" align="center" role="group" aria-label={`${name} messages`}>
      <Flex as="span" gap="1.5" align="center" color="fg.muted">
        <Glyph aria-hidden size={14} /> {name}:{isTestOnly && sent === 0 ? "" : ` ${formatCount(sent)} sent`}
      </Flex>
      {isTestOnly ? (
        <Figure type="button" onClick={() => onShow(`${channel}:test_mode`)}>
          {formatCount(count)} test only, not sent
        </Figure>
      ) : (
        <>
          {count > 0 && (
            <Figure type="button" onClick={() => onShow(channel)}>
              {formatCount(count)} not sent
            </Figure>
          )}
          {missed.map(({ reason, count: number }) => (
            <Figure key={reason} type="button" onClick={() => onShow(`${channel}:${reason}`)} color="fg.muted">
              {reason === "test_mode" ? "Test only" : reasons[reason].text} ({formatCount(number)})
            </Figure>
          ))}
        </>
      )}
    </Flex>
  );
}

/** Why messages did not leave although nothing went wrong, and where that is changed. `null`: the send is a test. */
function WhyKeptHere({ channels }: { channels: readonly Channel[] | null }) {
  const names = channels?.map((channel) => channelLook[channel].noun).join(" and ");
  return (
    <Flex gap="2" mt="1" px="3" py="2" bg="bg.subtle" borderRadius="l2" css={{ "& a": { color: "fg.link", textDecoration: "underline" } }}>
      <Icon boxSize="4" mt="0.5" color="fg.muted" flexShrink={0}>
        <FlaskConical aria-hidden />
      </Icon>
      <Text flex="1" minW="0" color="fg.muted">
        {names ? `${upperFirst(names)} ${channels?.length === 1 ? "was" : "were"} in test mode.` : "This send is a test."} The steps ran,
        and the messages were kept under{" "}
        <Link to="/inbox" search={{ view: "sent" }}>
          Sent messages
        </Link>{" "}
        instead of leaving.
        {names && (
          <>
            {" "}
            To send for real, <Link to="/settings/channels">set up a provider under Settings, Channels</Link>.
          </>
        )}
      </Text>
    </Flex>
  );
}
