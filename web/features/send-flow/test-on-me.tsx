import { Box, Flex, Spinner, Stack, Text } from "@chakra-ui/react";
import type { ContactForecast } from "#contract/forecasts.ts";
import type { Channel } from "#contract/messages.ts";
import { reasons } from "#contract/reasons.ts";
import { formatDuration, momentWords, plural, zoneName } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { serverNow } from "#web/lib/server-clock.ts";
import { TestStep } from "./test-step.tsx";
import { type Delivery, keyOf, mostSent, type TestOnMe as Test } from "./use-test-on-me.ts";

type Step = ContactForecast["steps"][number];

interface TestOnMeProps {
  test: Test;
  /** Channels whose messages only stay on this machine. */
  kept: readonly Channel[];
  zone: string;
  onRetry: () => void;
}

/** What a contact would get, step by step, and what of it has reached who tries it. */
export function TestOnMe({ test: { phase, way, deliveries, error, waitsUntil, more }, kept, zone, onRetry }: TestOnMeProps) {
  if (error) return <RefusalNotice error={error} title="The flow was not tried" onRetry={onRetry} />;
  if (!way) {
    return (
      <Flex role="status" gap="2" align="center" textStyle="sm" color="fg.muted">
        <Spinner size="xs" /> Walking through the flow…
      </Flex>
    );
  }
  const sent = Object.values(deliveries).filter(({ state }) => state === "sent").length;
  const isKept = ({ message }: Step) => message !== null && kept.includes(message.channel);
  const now = serverNow();
  return (
    <Stack gap="3">
      <Stack as="ol" gap="3" listStyleType="none" aria-label="What the test does">
        {way.steps.map((step) => (
          <TestStep
            key={`${keyOf(step)} ${step.attempt}`}
            type={step.type}
            label={step.label}
            badge={<StepBadge step={step} delivery={deliveries[keyOf(step)]} isKept={isKept(step)} isOver={phase === "over"} />}
            notes={notesOf(step, deliveries[keyOf(step)], now, zone)}
            message={step.message && { ...step.message, to: null }}
          />
        ))}
      </Stack>
      <Box role="status" textStyle="sm">
        {waitsUntil !== null && (
          <Text>
            {`The next message follows ${momentWords(new Date(now + waitsUntil - Date.now()).toISOString(), now, zone)} (${zoneName(zone)}). Leave this open until then: closing it ends the test.`}
          </Text>
        )}
        {phase === "over" && way.notStarted === null && (
          <Text>
            {endWords(
              sent,
              way,
              way.steps.every((step) => step.message === null || isKept(step)),
            )}
          </Text>
        )}
      </Box>
      {more > 0 && (
        <Notice status="info">
          {`A test sends ${mostSent} messages. ${plural(more, "message follows", "messages follow")} and ${more === 1 ? "is" : "are"} only shown.`}
        </Notice>
      )}
      {way.notStarted && <Notice status="warning">{`${reasons[way.notStarted].text}.`}</Notice>}
    </Stack>
  );
}

interface StepBadgeProps {
  step: Step;
  delivery: Delivery | undefined;
  isKept: boolean;
  isOver: boolean;
}

function StepBadge({ step, delivery, isKept, isOver }: StepBadgeProps) {
  if (step.message === null) return <StatusBadge status={step.status} />;
  if (delivery?.state === "sending") return <StatusBadge status="sending" label="Sending to you" />;
  if (delivery?.state === "sent")
    return isKept ? <StatusBadge status="captured" label="Kept here" /> : <StatusBadge status="sent" label="Sent to you" />;
  if (delivery?.state === "failed") return <StatusBadge status="failed" label="Not sent" />;
  return isOver ? <StatusBadge status="captured" label="Not sent to you" /> : <StatusBadge status="queued" label="Follows" />;
}

function notesOf(step: Step, delivery: Delivery | undefined, now: number, zone: string): (string | null)[] {
  const waits = step.until === null ? 0 : Date.parse(step.until) - Date.parse(step.at);
  return [
    step.reason && step.status !== "completed" ? `${reasons[step.reason].text}.` : null,
    waits > 0 && step.until ? `Contacts wait ${formatDuration(waits)} here, until ${momentWords(step.until, now, zone)}.` : null,
    step.assumed ? `${assumed[step.assumed]}.` : null,
    delivery && delivery.state !== "sending" ? delivery.words : null,
  ];
}

const assumed: Record<NonNullable<Step["assumed"]>, string> = {
  nobody_acts: "Taken here: nobody replies or changes anything",
  webhook_succeeds: "Taken here: the webhook succeeds; nothing was called",
  other_flow_starts: "Taken here: the other flow starts; it is not looked at",
};

function endWords(sent: number, way: ContactForecast, isKept: boolean): string {
  if (!way.steps.some(({ message }) => message !== null)) return "This contact would get no message, so nothing was sent to you.";
  return `${plural(sent, "message")} ${isKept ? "kept on this machine, as sent to you" : "sent to you"}. Nothing of it is in the history of ${way.name ?? "the contact"}.`;
}
