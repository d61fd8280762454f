import { Box, Flex, Text } from "@chakra-ui/react";
import { ArrowRight, UserRound } from "lucide-react";
import type { FlowTestFailure } from "#contract/flow-tests.ts";
import type { FlowNode } from "#contract/flows.ts";
import { reasons } from "#contract/reasons.ts";
import type { SimulatedStep, Simulation, SimulationEvent } from "#contract/simulations.ts";
import { describeNode, nodeIcon, nodeTypeLabel } from "#nodes/describe-node.tsx";
import { describeResult } from "#nodes/results/describe-result.ts";
import { formatDuration, formatExact, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { StepComparisons } from "#web/entities/executions/step-comparisons.tsx";
import { EmailView } from "#web/entities/messages/email-view.tsx";
import { SmsBubble } from "#web/entities/messages/sms-bubble.tsx";
import { TestFailures } from "../tests/test-failures.tsx";
import { toConversation } from "./to-conversation.ts";

interface ConversationProps {
  simulation: Simulation;
  nodes: readonly FlowNode[];
  flowId: string;
  zone: string;
  /** What a test expects otherwise, shown at the steps where it shows. */
  failures: readonly FlowTestFailure[];
}

/** What would happen, one after the other: messages as they would arrive, decisions with what they compared, and the time between. */
export function Conversation({ simulation, nodes, flowId, zone, failures }: ConversationProps) {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  return (
    <>
      {simulation.notEnrolled && (
        <Notice status="warning" title="The contact is not let in">
          {reasons[simulation.notEnrolled].text}.
        </Notice>
      )}
      <Box as="ol" listStyleType="none" aria-label="What happens" display="grid" gap="4">
        {toConversation(simulation).map((item) => {
          if (item.kind === "gap") return <Gap key={item.id} milliseconds={item.milliseconds} />;
          if (item.kind === "event") return <Happening key={item.id} event={item.event} at={item.at} zone={zone} />;
          const own = item.step.flowId === flowId;
          return (
            <Visit
              key={item.id}
              step={item.step}
              tries={item.tries}
              node={own ? nodeOf.get(item.step.nodeId) : undefined}
              own={own}
              zone={zone}
              missed={own ? failures.filter(({ nodeId }) => nodeId === item.step.nodeId) : []}
            />
          );
        })}
      </Box>
      <End simulation={simulation} zone={zone} />
    </>
  );
}

function Gap({ milliseconds }: { milliseconds: number }) {
  return (
    <Flex as="li" align="center" gap="2" color="fg.muted" textStyle="sm" fontWeight="medium">
      <Box flex="1" borderTopWidth="1px" aria-hidden />
      {formatDuration(milliseconds)} later
      <ArrowRight size={14} aria-hidden />
      <Box flex="1" borderTopWidth="1px" aria-hidden />
    </Flex>
  );
}

const channelWords = { sms: "SMS", email: "e-mails", all: "all messages" } as const;

function happeningWords(event: SimulationEvent): string {
  if (event.type === "stop") return `STOP: no ${channelWords[event.channel]} any more`;
  return event.type === "reply" ? event.text : `Changed: ${Object.keys(event.fields).join(", ")}`;
}

function Happening({ event, at, zone }: { event: SimulationEvent; at: string; zone: string }) {
  const words = happeningWords(event);
  return (
    <Flex as="li" justify="flex-end">
      <Box bg="bg.info" borderRadius="18px" borderBottomEndRadius="4px" px="4" py="2" textStyle="sm" maxW="80%">
        <Flex gap="2" align="center">
          <UserRound size={14} aria-hidden />
          {words}
        </Flex>
        <Text textStyle="xs" color="fg.muted">
          {formatExact(at, zone)}
        </Text>
      </Box>
    </Flex>
  );
}

function Visit({
  step,
  tries,
  node,
  own,
  zone,
  missed,
}: {
  step: SimulatedStep;
  tries: number;
  node: FlowNode | undefined;
  own: boolean;
  zone: string;
  missed: readonly FlowTestFailure[];
}) {
  const described = node && describeNode(node);
  const Icon = described?.Icon ?? nodeIcon(step.nodeType);
  const label = step.nodeLabel || described?.label || nodeTypeLabel(step.nodeType);
  const compared = describeResult(step).facts.flatMap((fact) => (fact.kind === "comparisons" ? fact.value : []));
  const exit = described && described.exits.length > 1 ? described.exits.find(({ handle }) => handle === step.exit) : undefined;
  const { message } = step;
  const why = step.reason ? `${reasons[step.reason].text}.` : step.errorMessage;
  return (
    <Box as="li" textStyle="sm" aria-label={label}>
      <Flex gap="2" align="center" wrap="wrap" rowGap="1">
        <Box color={`status.${step.status}`} aria-hidden>
          <Icon size={16} strokeWidth={1.75} />
        </Box>
        <Text fontWeight="500" overflowWrap="anywhere">
          {label}
        </Text>
        {step.status !== "completed" && <StatusBadge status={step.status} />}
        <Box flex="1" />
        <Text textStyle="xs" color="fg.muted">
          {formatExact(step.startedAt, zone)}
        </Text>
      </Flex>
      {!own && (
        <Text textStyle="xs" color="fg.muted">
          in the flow “{step.flowName}”
        </Text>
      )}
      <Box display="grid" gap="1" mt="1" ps="6">
        {missed.length > 0 && <TestFailures failures={missed} label={`Expected otherwise at ${label}`} />}
        {why && <Text color={step.status === "failed" ? "fg.error" : "fg.muted"}>{why}</Text>}
        {compared.length > 0 && <StepComparisons compared={compared} />}
        {(exit || tries > 1) && (
          <Text color="fg.muted">
            {[exit && `Goes on by “${exit.label}”`, tries > 1 && plural(tries, "try", "tries")].filter(Boolean).join(" · ")}
          </Text>
        )}
        {message && step.status === "completed" && (
          <Box borderWidth="1px" borderRadius="l2" overflow="hidden" display="flex" flexDirection="column">
            <Text textStyle="xs" color="fg.muted" px="4" pt="2">
              To {message.to ?? "nobody"}
            </Text>
            {message.channel === "email" ? (
              <EmailView subject={message.subject ?? ""} text={message.text} html={message.html} />
            ) : (
              <SmsBubble text={message.text} segments={message.segments} />
            )}
          </Box>
        )}
      </Box>
    </Box>
  );
}

const endWords: Record<Simulation["end"], string> = {
  over: "The contact has left the flow",
  waiting: "Nothing more happens: the contact goes on waiting",
  too_many_steps: "Stopped after 1,000 steps: the flow goes on and on",
  too_many_days: "Stopped after 366 days: the contact is still in the flow",
  took_too_long: "Stopped after 5 seconds of work: the contact is still in the flow",
};

function End({ simulation, zone }: { simulation: Simulation; zone: string }) {
  const { end, status, endedReason, errorMessage, endedAt, notEnrolled } = simulation;
  if (notEnrolled) return null;
  const failed = status === "failed" || status === "partial_failure";
  const why = endedReason ? `${reasons[endedReason].text}.` : errorMessage;
  return (
    <Notice
      status={failed ? "error" : end === "over" ? "success" : "warning"}
      title={failed ? "The contact has left the flow with an error" : endWords[end]}
    >
      {formatExact(endedAt, zone)}
      {why && ` · ${why}`}
    </Notice>
  );
}
