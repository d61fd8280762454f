import { Box, Link as ChakraLink, Flex, Spinner, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import type { Step } from "#contract/executions.ts";
import { reasons } from "#contract/reasons.ts";
import { nodeTypeLabel } from "#nodes/describe-node.tsx";
import { describeResult } from "#nodes/results/describe-result.ts";
import { Button } from "#ui/button.tsx";
import { momentWords } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { executionQuery, stepsQuery } from "#web/entities/executions/execution-queries.ts";
import { executionState, isActive } from "#web/entities/executions/execution-state.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { executionMessagesQuery } from "#web/entities/messages/message-queries.ts";
import { api } from "#web/lib/api.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import { TestStep } from "./test-step.tsx";

interface DryRunProps {
  executionId: string;
  zone: string;
}

/** Milliseconds. A test without waits is over in a second or two, and somebody looks at it. */
const lookEvery = 700;

/** What a test that is kept in the history does, step by step, with the messages that would have left. */
export function DryRun({ executionId, zone }: DryRunProps) {
  const execution = useQuery({
    ...executionQuery(executionId),
    refetchInterval: ({ state }) => (state.data && !isActive(state.data.status) ? false : lookEvery),
  });
  const isOver = execution.data !== undefined && !isActive(execution.data.status);
  const steps = useQuery({ ...stepsQuery(executionId, isOver), refetchInterval: isOver ? false : lookEvery });
  const messages = useQuery({ ...executionMessagesQuery(executionId, isOver), refetchInterval: isOver ? false : lookEvery });
  const stop = useMutation({ mutationFn: () => api("cancelExecution", { params: { id: executionId } }) });
  const { refetch } = messages;
  useEffect(() => {
    // The last message was written with the end.
    if (isOver) void refetch();
  }, [isOver, refetch]);
  const failed = [execution, steps, messages].find(({ isError, data }) => isError && !data);
  if (failed) {
    const again = () => void Promise.all([execution.refetch(), steps.refetch(), messages.refetch()]);
    return <LoadError title="The test runs, but cannot be read" error={failed.error} onRetry={again} retrying={failed.isRefetching} />;
  }
  const now = serverNow();
  return (
    <Stack gap="3">
      <Stack as="ol" gap="3" listStyleType="none" aria-label="What the test does">
        {lastTries(steps.data?.items ?? []).map((step) => {
          const messageId = describeResult(step)
            .facts.find(({ kind }) => kind === "message")
            ?.value.toString();
          const message = messages.data?.items.find(({ id }) => id === messageId);
          return (
            <TestStep
              key={step.id}
              type={step.nodeType}
              label={step.nodeLabel || nodeTypeLabel(step.nodeType)}
              badge={<StatusBadge status={message ? "captured" : step.status} label={message ? "Would have left" : undefined} />}
              notes={[
                step.errorMessage ?? (step.reason && step.status !== "completed" ? `${reasons[step.reason].text}.` : null),
                typeof step.result?.until === "string" ? `Until ${momentWords(step.result.until, now, zone)}.` : null,
              ]}
              message={message ? { ...message, to: message.to ?? "no address", text: message.body } : null}
            />
          );
        })}
      </Stack>
      <Flex role="status" gap="2" align="center" wrap="wrap" textStyle="sm">
        {!isOver && <Spinner size="xs" />}
        {execution.data && <StateBadge state={executionState(execution.data, now, zone)} sentence />}
        <ChakraLink asChild color="fg.link" textDecoration="underline">
          <Link to="/executions/$executionId" params={{ executionId }} target="_blank">
            Open it in the history
          </Link>
        </ChakraLink>
        {!isOver && (
          <Button size="xs" onClick={() => stop.mutate()} busy={stop.isPending}>
            Stop test
          </Button>
        )}
      </Flex>
      {stop.isError && (
        <Text role="alert" textStyle="sm" color="fg.error">
          {stop.error.message}
        </Text>
      )}
      <Box textStyle="xs" color="fg.muted">
        Nothing has left and nothing of the contact was changed. The history keeps this run, marked as a test.
        {!isOver && " It goes on when this is closed."}
      </Box>
    </Stack>
  );
}

/** Of each visit the last try. */
const lastTries = (steps: readonly Step[]): Step[] => [...new Map(steps.map((step) => [step.visit, step])).values()];
