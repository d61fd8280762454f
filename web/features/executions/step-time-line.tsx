import { Box, Text } from "@chakra-ui/react";
import type { Execution, Step } from "#contract/executions.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { Message } from "#contract/messages.ts";
import { messageIdOf } from "./step-facts.ts";
import { StepItem } from "./step-item.tsx";

interface StepTimeLineProps {
  execution: Pick<Execution, "contactId" | "flowId">;
  steps: readonly Step[];
  nodes: readonly FlowNode[] | undefined;
  messages: readonly Message[];
  now: number;
  zone: string;
}

/** The steps of an execution in order, with the attempts of a visit together. */
export function StepTimeLine({ execution, steps, nodes, messages, now, zone }: StepTimeLineProps) {
  if (steps.length === 0) {
    return (
      <Text color="fg.muted" textStyle="sm">
        No step has been taken yet.
      </Text>
    );
  }
  const visits = [...Map.groupBy(steps, (step) => step.visit)].sort(([a], [b]) => a - b);
  return (
    <Box as="ol" listStyleType="none" aria-label="Steps">
      {visits.map(([visit, tries], index) => {
        const inOrder = tries.toSorted((a, b) => a.attempt - b.attempt);
        const step = inOrder.at(-1) as Step;
        return (
          <StepItem
            key={visit}
            execution={execution}
            order={index + 1}
            step={step}
            earlier={inOrder.slice(0, -1)}
            node={nodes?.find((node) => node.id === step.nodeId)}
            message={messages.find((message) => message.id === messageIdOf(step))}
            now={now}
            zone={zone}
            last={index === visits.length - 1}
          />
        );
      })}
    </Box>
  );
}
