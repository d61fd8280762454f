import { Box, Text } from "@chakra-ui/react";
import { Fragment } from "react";
import type { Execution, ExecutionMove, Step } from "#contract/executions.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { Message } from "#contract/messages.ts";
import { MoveItem } from "./move-item.tsx";
import { messageIdOf } from "./step-facts.ts";
import { StepItem } from "./step-item.tsx";

interface StepTimeLineProps {
  execution: Pick<Execution, "contactId" | "flowId">;
  steps: readonly Step[];
  /** Its moves between versions; each is told behind the last visit before it. */
  moves?: readonly ExecutionMove[];
  /** The nodes of the version in which a visit was made; undefined while it loads. */
  nodesAt: (visit: number) => readonly FlowNode[] | undefined;
  messages: readonly Message[];
  now: number;
  zone: string;
}

/** The steps of an execution in order, with the attempts of a visit together. */
export function StepTimeLine({ execution, steps, moves = [], nodesAt, messages, now, zone }: StepTimeLineProps) {
  if (steps.length === 0 && moves.length === 0) {
    return (
      <Text color="fg.muted" textStyle="sm">
        No step has been taken yet.
      </Text>
    );
  }
  const visits = [...Map.groupBy(steps, (step) => step.visit)].sort(([a], [b]) => a - b);
  const movesAfter = (visit: number, next: number) => moves.filter(({ afterVisit }) => afterVisit >= visit && afterVisit < next);
  const told = (list: readonly ExecutionMove[]) => list.map((move) => <MoveItem key={move.at + move.to.version} move={move} zone={zone} />);
  return (
    <Box as="ol" listStyleType="none" aria-label="Steps">
      {told(movesAfter(0, visits[0]?.[0] ?? Number.POSITIVE_INFINITY))}
      {visits.map(([visit, tries], index) => {
        const inOrder = tries.toSorted((a, b) => a.attempt - b.attempt);
        const step = inOrder.at(-1) as Step;
        const moved = movesAfter(visit, visits[index + 1]?.[0] ?? Number.POSITIVE_INFINITY);
        return (
          <Fragment key={visit}>
            <StepItem
              execution={execution}
              order={index + 1}
              step={step}
              earlier={inOrder.slice(0, -1)}
              node={nodesAt(visit)?.find((node) => node.id === step.nodeId)}
              message={messages.find((message) => message.id === messageIdOf(step))}
              now={now}
              zone={zone}
              last={index === visits.length - 1 && moved.length === 0}
            />
            {told(moved)}
          </Fragment>
        );
      })}
    </Box>
  );
}
