import { Box, Link as ChakraLink, Code, chakra, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { staysHere } from "#channels/stays-here.ts";
import type { Execution, Step } from "#contract/executions.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { Message } from "#contract/messages.ts";
import type { NodeExit } from "#contract/node-definition.ts";
import { describeNode, nodeIcon, nodeTypeLabel } from "#nodes/describe-node.tsx";
import { formatDuration, momentWords, zoneName } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { reasonWords } from "#web/entities/executions/reason-words.ts";
import { StepChanges } from "#web/entities/executions/step-changes.tsx";
import { StepComparisons } from "#web/entities/executions/step-comparisons.tsx";
import { isOverdue } from "#web/lib/overdue.ts";
import { Mending } from "./mending.tsx";
import { MessageCard } from "./message-card.tsx";
import { stepFacts } from "./step-facts.ts";

interface StepItemProps {
  execution: Pick<Execution, "contactId" | "flowId" | "hasOwnGraph">;
  /** The place of the visit on the path of the execution, from 1. */
  order: number;
  step: Step;
  /** Earlier attempts of the same visit, oldest first. */
  earlier: readonly Step[];
  /** The node in the flow version of this execution. It is undefined while the version loads, or where it has no such node. */
  node: FlowNode | undefined;
  /** The message that the step sent or tried to send. */
  message: Message | undefined;
  now: number;
  zone: string;
  last: boolean;
}

const Raw = chakra("details", { base: { textStyle: "xs", color: "fg.muted", "& summary": { cursor: "pointer", width: "fit-content" } } });

/** Shows one visit to a node: what it did, how it ended, and why. */
export function StepItem({ execution, order, step, earlier, node, message, now, zone, last }: StepItemProps) {
  const described = node && describeNode(node);
  const Icon = described?.Icon ?? nodeIcon(step.nodeType);
  const label = step.nodeLabel || described?.label || nodeTypeLabel(step.nodeType);
  const exit = described && tellingExit(described.exits, step);
  const { facts, compared, changes, started, answer, hasMore } = stepFacts(step, zone);
  const took = step.completedAt ? Date.parse(step.completedAt) - Date.parse(step.startedAt) : null;
  const isKeptHere = step.status === "completed" && typeof step.result?.provider === "string" && staysHere(step.result.provider);
  const status = isKeptHere ? "captured" : step.status;
  const tone = `status.${status}`;
  return (
    <Flex as="li" gap="3" position="relative" textStyle="sm" pb={last ? "0" : "5"} aria-label={`Step ${order}: ${label}`}>
      {!last && <Box position="absolute" top="8" bottom="0" insetInlineStart="calc(1rem - 1px)" width="1px" bg="border" aria-hidden />}
      <Flex boxSize="8" borderRadius="l2" flexShrink={0} align="center" justify="center" bg={`${tone}.bg`} color={tone} zIndex="1">
        <Icon aria-hidden size={16} strokeWidth={1.75} />
      </Flex>
      <Box flex="1" minW="0" pt="1.5">
        <Flex gap="2" align="center" wrap="wrap" rowGap="1">
          <Text fontWeight="500" overflowWrap="anywhere">
            {label}
          </Text>
          <StatusBadge status={status} label={step.status === "waiting" ? waitingWords(step, now, zone) : undefined} />
          <Box flex="1" />
          <Text as="span" textStyle="xs" color="fg.muted">
            <RelativeTime at={step.startedAt} zone={zone} />
            {took !== null && took > 0 && ` · ${formatDuration(took)}`}
          </Text>
        </Flex>
        <Box display="grid" gap="2" mt="0.5">
          <Reason step={step} execution={execution} />
          {compared.length > 0 && <StepComparisons compared={compared} />}
          {changes.length > 0 && <StepChanges changes={changes} />}
          {facts.map((fact) => (
            <Flex key={fact.label} gap="2" minW="0">
              <Text as="span" color="fg.muted" flexShrink={0}>
                {fact.label}
              </Text>
              <Text as="span" overflowWrap="anywhere" fontVariantNumeric="tabular-nums">
                {fact.value}
              </Text>
            </Flex>
          ))}
          {started && (
            <ChakraLink asChild color="fg.link" width="fit-content">
              <Link to="/executions/$executionId" params={{ executionId: started }}>
                Open the enrollment it began
              </Link>
            </ChakraLink>
          )}
          {answer && (
            <Box as="figure">
              <Text as="figcaption" color="fg.muted" textStyle="xs" mb="1">
                The answer began with
              </Text>
              <Code display="block" whiteSpace="pre-wrap" overflowWrap="anywhere" p="2" size="sm" maxH="40" overflowY="auto" tabIndex={0}>
                {answer}
              </Code>
            </Box>
          )}
          {(exit || step.attempt > 1) && (
            <Text color="fg.muted">
              {[exit && `Left by “${exit.label}”`, step.attempt > 1 && `Attempt ${step.attempt}`].filter(Boolean).join(" · ")}
            </Text>
          )}
          {message && <MessageCard message={message} zone={zone} />}
          {earlier.length > 0 && <EarlierTries steps={earlier} zone={zone} />}
          {(hasMore || compared.length > 0 || answer !== null) && (
            <Raw>
              <summary>Raw record</summary>
              <Code display="block" whiteSpace="pre-wrap" overflowWrap="anywhere" p="2" mt="1" size="sm">
                {JSON.stringify(step.result, null, 2)}
              </Code>
            </Raw>
          )}
        </Box>
      </Box>
    </Flex>
  );
}

/** The exit by which a step left, where it says more than the status: there was a choice, or it was not the usual exit. */
const tellingExit = (exits: readonly NodeExit[], { exit: taken, status }: Step): NodeExit | undefined => {
  const choice = exits.filter((exit) => !exit.optional).length > 1;
  return exits.find((exit, index) => exit.handle === taken && exit.handle !== status && (choice || index > 0));
};

const waitingWords = (step: Step, now: number, zone: string): string => {
  if (!step.wakeAt) return "Waiting";
  const moment = `${momentWords(step.wakeAt, now, zone)} (${zoneName(zone)})`;
  return isOverdue(step.wakeAt, now) ? `Waiting, due since ${moment}` : `Waiting until ${moment}`;
};

function Reason({ step, execution }: Pick<StepItemProps, "step" | "execution">) {
  if (!step.reason && !step.errorMessage) return null;
  const words = step.reason && reasonWords(step.reason);
  return (
    <Box>
      {words && (
        <Text>
          {words.text}. {step.reason && <Mending reason={step.reason} execution={execution} />}
        </Text>
      )}
      {step.errorMessage && step.errorMessage !== words?.text && (
        <Text color={step.status === "failed" ? "fg.error" : "fg.muted"} overflowWrap="anywhere">
          {step.errorMessage}
        </Text>
      )}
    </Box>
  );
}

function EarlierTries({ steps, zone }: { steps: readonly Step[]; zone: string }) {
  return (
    <Raw>
      <summary>{steps.length === 1 ? "1 earlier attempt" : `${steps.length} earlier attempts`}</summary>
      <Box as="ul" listStyleType="none" mt="1" display="grid" gap="1">
        {steps.map((step) => (
          <Flex as="li" key={step.id} gap="2" wrap="wrap">
            <span>Attempt {step.attempt}</span>
            <RelativeTime at={step.startedAt} zone={zone} />
            <span>{step.reason ? reasonWords(step.reason).text : (step.errorMessage ?? step.status)}</span>
          </Flex>
        ))}
      </Box>
    </Raw>
  );
}
