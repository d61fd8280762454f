import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { UserX } from "lucide-react";
import { type Execution, isCaptured, isUnreached } from "#contract/executions.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { DataColumn } from "#ui/data-table/columns.ts";
import { formatCount, upperFirst } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { type ExecutionState, executionState } from "#web/entities/executions/execution-state.ts";
import { missedWords } from "#web/entities/executions/missed-words.ts";
import { reasonWords } from "#web/entities/executions/reason-words.ts";
import { StateBadge } from "#web/entities/executions/state-badge.tsx";
import { TestMark } from "./test-mark.tsx";

const Line = chakra("span", { base: { truncate: true, minW: "0" } });
const Quiet = chakra("span", { base: { color: "fg.subtle" } });

/** Names the contact, or says that it was deleted. The record outlives the contact. */
export function ContactName({ execution }: { execution: Execution }) {
  return execution.contactId === null ? (
    <Flex as="span" align="center" gap="1.5" color="fg.muted" minW="0">
      <UserX aria-hidden size={14} style={{ flexShrink: 0 }} />
      <Line>Deleted contact</Line>
    </Flex>
  ) : (
    <Line fontWeight="500">
      {execution.contactName ?? "No name"}
      {execution.contactInBin && (
        <Text as="span" color="fg.muted" fontWeight="400">
          {" "}
          · in the bin
        </Text>
      )}
    </Line>
  );
}

type Ending = Pick<Execution, "status" | "endedReason" | "errorMessage" | "skippedSteps" | "reached" | "missed">;

/** Says why an execution ended, or nothing while it has not. It always says that something was left out on the way. */
export const endedWords = ({ status, endedReason, errorMessage, skippedSteps, reached, missed }: Ending): string | null => {
  if (endedReason) return reasonWords(endedReason).text;
  if (status !== "completed") return errorMessage;
  const [first] = missed;
  if (isUnreached({ reached, missed }) && first) return missedWords(first);
  const inTestMode = channels.filter((channel) => missed.includes(`${channel}:test_mode`));
  const how = isCaptured({ reached, missed }) ? "Finished in test mode" : ["Finished", ...inTestMode.map(notSent)].join(", ");
  return skippedSteps === 0 ? how : `${how}, ${formatCount(skippedSteps)} skipped`;
};

const notSent = (channel: Channel): string => `${channelLook[channel].noun} test only`;

export const historyColumns = (now: number, zone: string): DataColumn<Execution>[] => {
  const state = (execution: Execution): ExecutionState => executionState(execution, now, zone);
  return [
    {
      id: "contact",
      header: "Contact",
      width: 132,
      grow: 1.2,
      identity: true,
      cell: (row) => (
        <Flex gap="2" align="center" minW="0">
          <ContactName execution={row} />
          {row.isTest && <TestMark />}
        </Flex>
      ),
    },
    { id: "status", header: "Status", width: 166, grow: 0, cell: (row) => <StateBadge state={state(row)} /> },
    {
      id: "step",
      header: "Current step",
      width: 104,
      cell: (row) => <Line title={row.currentNodeLabel ?? undefined}>{row.currentNodeLabel ?? <Quiet>–</Quiet>}</Line>,
    },
    {
      id: "next",
      header: "Next run",
      width: 188,
      grow: 1.2,
      cell: (row) => {
        const { detail } = state(row);
        return detail ? <Line title={upperFirst(detail)}>{upperFirst(detail)}</Line> : <Quiet>–</Quiet>;
      },
    },
    {
      id: "ended",
      header: "Outcome",
      width: 168,
      grow: 1.2,
      cell: (row) => {
        const words = endedWords(row);
        return words ? (
          <Line title={row.errorMessage ?? words} color={row.status === "completed" && row.skippedSteps === 0 ? "fg.muted" : undefined}>
            {words}
          </Line>
        ) : (
          <Quiet>–</Quiet>
        );
      },
    },
    { id: "enrolled", header: "Enrolled", width: 122, grow: 0, cell: (row) => <RelativeTime at={row.enrolledAt} zone={zone} /> },
    {
      id: "reason",
      header: "Enrolled by",
      width: 112,
      grow: 1.2,
      cell: (row) => <Line title={byWords(row)}>{byWords(row)}</Line>,
    },
  ];
};

/** Says why and by whom a contact was enrolled. The reason names an API key already. */
export const byWords = ({ reason, launchedByName }: Pick<Execution, "reason" | "launchedByName">): string =>
  launchedByName && !reason.includes(launchedByName) ? `${reason}, ${launchedByName}` : reason;

/** A row on a phone names the contact and the state, and then what comes next or why the execution ended. */
export function HistoryRow({ execution, now, zone }: { execution: Execution; now: number; zone: string }) {
  const state = executionState(execution, now, zone);
  return (
    <Box width="full" minW="0">
      <Flex justify="space-between" gap="3" align="center">
        <ContactName execution={execution} />
        <StateBadge state={state} />
      </Flex>
      <Flex justify="space-between" gap="3" color="fg.muted" textStyle="xs" mt="0.5">
        <Text as="span" truncate>
          {state.detail ? upperFirst(state.detail) : (endedWords(execution) ?? execution.currentNodeLabel ?? execution.reason)}
        </Text>
        <RelativeTime at={execution.enrolledAt} zone={zone} />
      </Flex>
    </Box>
  );
}
