import { Box, Flex, Text } from "@chakra-ui/react";
import { WifiOff } from "lucide-react";
import { isSendGoing, type Send } from "#contract/sends.ts";
import { formatPercent, isolated } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import type { Missed } from "#web/entities/executions/missed-words.ts";
import { FlowOfSend } from "#web/entities/sends/flow-of-send.tsx";
import { isScheduled, pressedWords } from "#web/entities/sends/send-state.ts";
import { originWords } from "#web/entities/sends/send-words.ts";
import { endedEmpty } from "./nobody-enrolled.tsx";
import { SendReach } from "./send-reach.tsx";
import { SendSums } from "./send-sums.tsx";
import { endedOf } from "./send-totals.ts";
import { TotalsBar } from "./totals-bar.tsx";

interface SendProgressProps {
  send: Send;
  interrupted: boolean;
  now: number;
  zone: string;
  onShowMissed: (missed: Missed) => void;
}

/** The progress of a send, in numbers that add up. */
export function SendProgress({ send, interrupted, now, zone, onShowMissed }: SendProgressProps) {
  const isBeforeStart = isScheduled(send, now, zone);
  return (
    <Box px={{ base: "4", md: "6" }} py="4" display="grid" gap="3" borderBottomWidth="1px">
      <Flex
        gap="1"
        rowGap="1"
        wrap="wrap"
        color="fg.muted"
        textStyle="sm"
        css={{ "& a": { color: "fg.link", _hover: { textDecoration: "underline" } } }}
      >
        <span>{originWords(send)}</span>
        {send.launchedByName && <span>· by {send.launchedByName}</span>}
        <span>
          · {pressedWords(send, now, zone)} <RelativeTime at={send.createdAt} />
        </span>
        {isSendGoing(send.state) && send.changedAt && (
          <span>
            · resumed{send.changedByName ? ` by ${isolated(send.changedByName)}` : ""} <RelativeTime at={send.changedAt} />
          </span>
        )}
        {send.endedAt && (
          <span>
            · ended <RelativeTime at={send.endedAt} />
          </span>
        )}
        <span>
          · <FlowOfSend of={send}>Open flow</FlowOfSend>
        </span>
        <Box flex="1" />
        {interrupted && (
          <Flex role="status" gap="1.5" align="center" color="fg.warning">
            <WifiOff aria-hidden size={14} /> Connection lost: the numbers are the last ones heard
          </Flex>
        )}
      </Flex>
      {!endedEmpty(send) && (
        <Flex gap="3" align="center">
          <TotalsBar send={send} height="2.5" isBeforeStart={isBeforeStart} />
          <Text
            fontVariantNumeric="tabular-nums"
            flexShrink={0}
            textStyle="sm"
            title="Of the contacts in this send, how many have come to an end"
          >
            <Text as="span" fontWeight="600">
              {formatPercent(endedOf(send), send.enrolled)}
            </Text>{" "}
            <Text as="span" color="fg.muted">
              finished
            </Text>
          </Text>
        </Flex>
      )}
      <SendSums send={send} isBeforeStart={isBeforeStart} />
      <SendReach send={send} onShow={onShowMissed} />
    </Box>
  );
}
