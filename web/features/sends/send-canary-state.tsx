import { Box, Flex, Icon, Stack, Text } from "@chakra-ui/react";
import { CircleStop, Hand, Hourglass, StepForward } from "lucide-react";
import { heldWords } from "#contract/canary-words.ts";
import type { SendCanary } from "#contract/send-canary.ts";
import { isSendOver, type Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { formatCount } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { useCountdown } from "#ui/use-countdown.ts";
import { toOwnClock } from "#web/lib/server-clock.ts";
import { openedWords, restOf, seenWords, trialWords, versionWords } from "./canary-sentences.ts";
import type { SendControls } from "./use-send-controls.tsx";

interface SendCanaryStateProps {
  send: Send;
  canary: SendCanary;
  /** Absent for people who may only read. */
  controls: SendControls | null;
  now: number;
  zone: string;
}

/** How the first contacts of a send go, what is held and why, and the way on; afterwards how it came that the rest followed. */
export function SendCanaryState({ send, canary, controls, now, zone }: SendCanaryStateProps) {
  const isOpen = canary.openedAt !== null || isSendOver(send.state);
  const seconds = useCountdown(!isOpen && canary.decidesAt !== null && canary.heldAt === null ? toOwnClock(canary.decidesAt) : null);
  if (isOpen) return <Passed canary={canary} />;
  const isHeld = canary.heldAt !== null;
  const version = versionWords(canary);
  return (
    <Box
      as="section"
      aria-label="First contacts"
      px={{ base: "4", md: "6" }}
      py="3"
      bg={isHeld ? "bg.warning" : "bg.info"}
      borderBottomWidth="1px"
      flexShrink={0}
    >
      <Flex gap="3" align="flex-start" wrap="wrap">
        <Icon boxSize="4" mt="0.5" color={isHeld ? "fg.warning" : "fg.info"} flexShrink={0}>
          {isHeld ? <Hand aria-hidden /> : <Hourglass aria-hidden />}
        </Icon>
        <Stack gap="1" flex="1" minW="56" textStyle="sm">
          <Text role="status" fontWeight="500">
            {isHeld ? `Held: ${formatCount(restOf(send))} others wait until somebody decides.` : trialWords({ canary, now, zone })}
          </Text>
          {heldWords(isHeld ? canary : { ...canary, heldFor: [] }).map((sentence) => (
            <Text key={sentence}>{sentence}</Text>
          ))}
          {canary.few !== null && (
            <Text color="fg.muted" fontVariantNumeric="tabular-nums">
              {seenWords(canary).map(({ text, isBad }, place) => (
                <Text as="span" key={text} color={isBad ? "fg.error" : undefined} fontWeight={isBad ? "600" : undefined}>
                  {place > 0 && " · "}
                  {text}
                </Text>
              ))}
              {seconds > 0 && (
                <Text as="span">
                  {" · "}
                  {leftWords(seconds)}
                </Text>
              )}
            </Text>
          )}
          {version && <Text color="fg.muted">{version}</Text>}
          {send.state === "paused" && <Text color="fg.muted">The send is paused, so nothing is decided until it is resumed.</Text>}
        </Stack>
        {controls && (
          <Flex gap="2" flexShrink={0}>
            {/* Nobody has to press it: what went well goes on by itself, and what did not should be looked at first. */}
            <Button size="xs" icon={StepForward} onClick={() => controls.openCanary(send)}>
              Go on now
            </Button>
            {isHeld && (
              <Button size="xs" icon={CircleStop} color="red.fg" onClick={() => controls.stop(send)}>
                Stop
              </Button>
            )}
          </Flex>
        )}
      </Flex>
    </Box>
  );
}

/** "14 min left", and seconds in the last two minutes. */
const leftWords = (seconds: number): string => (seconds > 120 ? `${Math.ceil(seconds / 60)} min left` : `${seconds} s left`);

function Passed({ canary }: { canary: SendCanary }) {
  const held = canary.openedAt === null || canary.openedBy === "person" ? heldWords(canary) : [];
  return (
    <Box px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px" textStyle="sm" color="fg.muted" flexShrink={0}>
      {canary.openedAt === null ? "It ended before the rest had begun." : `${openedWords(canary)} `}
      {canary.openedAt !== null && <RelativeTime at={canary.openedAt} />}
      {canary.few !== null &&
        ` · ${seenWords(canary)
          .map(({ text }) => text)
          .join(" · ")}`}
      {held.length > 0 && ` · ${held.join(" ")}`}
    </Box>
  );
}
