import { Box, Flex, Grid, Heading, Skeleton, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Execution } from "#contract/executions.ts";
import { formatDuration } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { stepsQuery } from "#web/entities/executions/execution-queries.ts";
import { executionState, isActive } from "#web/entities/executions/execution-state.ts";
import { reasonWords } from "#web/entities/executions/reason-words.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { useVersionsGone } from "#web/entities/executions/use-versions-gone.ts";
import { executionMessagesQuery } from "#web/entities/messages/message-queries.ts";
import { FlowOfSend } from "#web/entities/sends/flow-of-send.tsx";
import { useNow } from "#web/lib/use-now.ts";
import { byWords } from "./history-columns.tsx";
import { Mending } from "./mending.tsx";
import { MessageCard } from "./message-card.tsx";
import { messageIdOf } from "./step-facts.ts";
import { StepTimeLine } from "./step-time-line.tsx";
import { TestMark } from "./test-mark.tsx";

interface ExecutionDetailProps {
  execution: Execution;
  zone: string;
}

/** Shows everything that is recorded of one execution. */
export function ExecutionDetail({ execution, zone }: ExecutionDetailProps) {
  const now = useNow();
  const ended = !isActive(execution.status);
  const steps = useQuery(stepsQuery(execution.id, ended));
  const { nodesAt } = useVersionsGone(steps.data?.items ?? [], steps.data?.moves ?? [], execution.flowVersionId);
  const messages = useQuery(executionMessagesQuery(execution.id, ended));
  const shown = new Set(steps.data?.items.map(messageIdOf));
  // No step has recorded the outcome of these messages yet. They are on their way, or are to be tried again.
  const open = steps.data ? (messages.data?.items.filter((message) => !shown.has(message.id)) ?? []) : [];
  return (
    <Box display="grid" gap="6">
      <Box display="grid" gap="3">
        <Flex gap="2" align="center" wrap="wrap">
          <StateBadge state={executionState(execution, now, zone)} sentence />
          {execution.isTest && <TestMark />}
        </Flex>
        <Ending execution={execution} />
        <Facts execution={execution} zone={zone} />
      </Box>
      <Section title="Steps">
        {steps.isPending ? (
          <Skeleton height="32" />
        ) : steps.isError && !steps.data ? (
          <LoadError title="The steps could not be loaded" error={steps.error} onRetry={() => void steps.refetch()} />
        ) : (
          <StepTimeLine
            execution={execution}
            steps={steps.data.items}
            moves={steps.data.moves}
            nodesAt={nodesAt}
            messages={messages.data?.items ?? []}
            now={now}
            zone={zone}
          />
        )}
      </Section>
      {messages.isError && !messages.data && (
        <LoadError title="The messages could not be loaded" error={messages.error} onRetry={() => void messages.refetch()} />
      )}
      {open.length > 0 && (
        <Section title="Messages on their way">
          <Box display="grid" gap="3">
            {open.map((message) => (
              <MessageCard key={message.id} message={message} zone={zone} />
            ))}
          </Box>
        </Section>
      )}
    </Box>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box as="section">
      <Heading as="h2" textStyle="md" fontWeight="600" mb="3">
        {title}
      </Heading>
      {children}
    </Box>
  );
}

/** Says why an execution failed or was ended, and who can do something about it. */
function Ending({ execution }: { execution: Execution }) {
  const { endedReason, errorMessage, status } = execution;
  if (status === "completed" || (!endedReason && !errorMessage)) return null;
  const words = endedReason && reasonWords(endedReason);
  return (
    <Notice
      status={status === "cancelled" ? "info" : status === "partial_failure" ? "warning" : "error"}
      title={words?.text ?? "It failed"}
    >
      {endedReason && <Mending reason={endedReason} execution={execution} />}
      {errorMessage && errorMessage !== words?.text && <Text overflowWrap="anywhere">{errorMessage}</Text>}
    </Notice>
  );
}

function Facts({ execution, zone }: { execution: Execution; zone: string }) {
  return (
    <Grid as="dl" templateColumns="max-content 1fr" columnGap="4" rowGap="1" textStyle="sm">
      {execution.contactId !== null && (
        <Fact label="Contact">
          <Link to="/contacts/$contactId" params={{ contactId: execution.contactId }} search={{}}>
            {execution.contactName ?? "No name"}
          </Link>
          {execution.contactInBin && " (in the bin)"}
        </Fact>
      )}
      <Fact label="Flow">
        <FlowOfSend of={execution} />
      </Fact>
      <Fact label="Enrolled">
        <RelativeTime at={execution.enrolledAt} zone={zone} /> · {byWords(execution)}
      </Fact>
      <Fact label="Send">
        <Link to="/sends/$sendId" params={{ sendId: execution.sendId }}>
          Everybody in this send
        </Link>
      </Fact>
      {execution.startedAt && (
        <Fact label="Started">
          <RelativeTime at={execution.startedAt} zone={zone} />
        </Fact>
      )}
      {execution.completedAt && (
        <Fact label="Ended">
          <RelativeTime at={execution.completedAt} zone={zone} />
          {execution.executionTime !== null && ` · took ${formatDuration(execution.executionTime)}`}
        </Fact>
      )}
      {execution.engineRun && (
        <Fact label="Run at Trigger.dev">
          <a href={execution.engineRun.url} target="_blank" rel="noreferrer">
            {execution.engineRun.id}
          </a>
        </Fact>
      )}
      {execution.currentNodeLabel && isActive(execution.status) && <Fact label="Current step">{execution.currentNodeLabel}</Fact>}
    </Grid>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <Text as="dt" color="fg.muted">
        {label}
      </Text>
      <Box as="dd" minW="0" overflowWrap="anywhere" css={{ "& a": { color: "fg.link", _hover: { textDecoration: "underline" } } }}>
        {children}
      </Box>
    </>
  );
}
