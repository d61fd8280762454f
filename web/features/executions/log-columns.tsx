import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import type { LoggedStep } from "#contract/executions.ts";
import type { DataColumn } from "#ui/data-table/columns.ts";
import { formatDuration, formatExact } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { reasonWords } from "#web/entities/executions/reason-words.ts";
import { TestMark } from "./test-mark.tsx";

const Line = chakra("span", { base: { truncate: true, minW: "0" } });
const Quiet = chakra("span", { base: { color: "fg.subtle" } });

const contactOf = ({ contactId, contactName }: LoggedStep) => (contactId === null ? "Deleted contact" : (contactName ?? "No name"));
const stepOf = ({ nodeLabel, nodeType }: LoggedStep) => nodeLabel ?? nodeType;
export const rowLabel = (step: LoggedStep) => `${stepOf(step)}, ${contactOf(step)}`;
const whyOf = ({ reason, errorMessage }: LoggedStep) => (reason === null ? errorMessage : reasonWords(reason).text);

const text = (value: string | null, title?: string | null) => (value ? <Line title={title ?? value}>{value}</Line> : <Quiet>–</Quiet>);

export const logColumns = (zone: string): DataColumn<LoggedStep>[] => [
  { id: "time", header: "Time", width: 176, grow: 0, cell: ({ startedAt }) => text(formatExact(startedAt, zone)) },
  {
    id: "contact",
    header: "Contact",
    width: 130,
    grow: 1.2,
    identity: true,
    cell: (step) => (
      <Flex gap="2" align="center" minW="0">
        <Line fontWeight="500">{contactOf(step)}</Line>
        {step.isTest && <TestMark />}
      </Flex>
    ),
  },
  {
    id: "step",
    header: "Step",
    width: 140,
    grow: 1.2,
    cell: (step) => (
      <Flex gap="1.5" align="baseline" minW="0">
        {text(stepOf(step))}
        {step.attempt > 1 && <Quiet whiteSpace="nowrap">try {step.attempt}</Quiet>}
      </Flex>
    ),
  },
  { id: "status", header: "Status", width: 124, grow: 0, cell: ({ status }) => <StatusBadge status={status} /> },
  { id: "exit", header: "Exit", width: 80, cell: ({ exit }) => text(exit) },
  { id: "reason", header: "Reason", width: 150, grow: 1.4, cell: (step) => text(whyOf(step), step.errorMessage) },
  {
    id: "duration",
    header: "Duration",
    width: 84,
    grow: 0,
    align: "end",
    cell: ({ duration }) => (duration === null ? <Quiet>–</Quiet> : duration < 1000 ? `${duration} ms` : formatDuration(duration)),
  },
  { id: "version", header: "Version", width: 76, grow: 0, align: "end", cell: ({ versionNumber }) => versionNumber },
  { id: "attempt", header: "Attempt", width: 80, grow: 0, align: "end", hiddenByDefault: true, cell: ({ attempt }) => attempt },
  { id: "provider", header: "Provider id", width: 140, hiddenByDefault: true, cell: ({ providerMessageId }) => text(providerMessageId) },
  { id: "send", header: "Send", width: 140, hiddenByDefault: true, cell: ({ sendId }) => text(sendId) },
];

/** A row on a phone. */
export function LogRow({ step, zone }: { step: LoggedStep; zone: string }) {
  return (
    <Box width="full" minW="0">
      <Flex justify="space-between" gap="3" align="center">
        <Line fontWeight="500">{stepOf(step)}</Line>
        <StatusBadge status={step.status} />
      </Flex>
      <Flex justify="space-between" gap="3" color="fg.muted" textStyle="xs" mt="0.5">
        <Text as="span" truncate>
          {[contactOf(step), whyOf(step)].filter(Boolean).join(" · ")}
        </Text>
        <RelativeTime at={step.startedAt} zone={zone} />
      </Flex>
    </Box>
  );
}
