import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { FlaskConical } from "lucide-react";
import type { Send } from "#contract/sends.ts";
import type { DataColumn } from "#ui/data-table/columns.ts";
import { formatCount } from "#ui/format.ts";
import { StatusBadge } from "#ui/status-badge.tsx";
import { isScheduled, sendBadge } from "#web/entities/sends/send-state.ts";
import { SendWhen } from "#web/entities/sends/send-when.tsx";
import { originWords } from "#web/entities/sends/send-words.ts";
import { TotalsBar } from "./totals-bar.tsx";

const Line = chakra("span", { base: { truncate: true, minW: "0" } });

export function SendName({ send }: { send: Send }) {
  return (
    <Flex as="span" gap="2" align="center" minW="0">
      <Line fontWeight="500" title={send.flowName}>
        {send.flowName}
      </Line>
      {send.isTest && (
        <Flex as="span" gap="1" align="center" color="fg.muted" textStyle="xs" flexShrink={0}>
          <FlaskConical aria-hidden size={12} /> Test
        </Flex>
      )}
    </Flex>
  );
}

const number = (id: string, header: string, count: (send: Send) => number, width = 94): DataColumn<Send> => ({
  id,
  header,
  width,
  grow: 0,
  align: "end",
  cell: (send) => (
    <Text as="span" color={count(send) === 0 ? "fg.subtle" : undefined}>
      {formatCount(count(send))}
    </Text>
  ),
});

/** The columns that are shown from the start fit a laptop's window beside the menu; the others are one press away. */
export const sendColumns = (now: number, zone: string): DataColumn<Send>[] => [
  { id: "flow", header: "Flow", width: 162, grow: 2, identity: true, cell: (send) => <SendName send={send} /> },
  {
    id: "state",
    header: "State",
    width: 172,
    grow: 0,
    cell: (send) => <StatusBadge {...sendBadge(send, now, zone)} />,
  },
  {
    id: "progress",
    header: "Progress",
    width: 82,
    grow: 0.5,
    cell: (send) => <TotalsBar send={send} isBeforeStart={isScheduled(send, now, zone)} />,
  },
  number("selected", "Selected", (send) => send.total, 84),
  number("completed", "Completed", (send) => send.completed),
  number("active", "Not finished", (send) => send.active),
  number("failed", "Failed", (send) => send.failed + send.partialFailure, 70),
  { ...number("cancelled", "Cancelled", (send) => send.cancelled), hiddenByDefault: true },
  number("not_enrolled", "Not enrolled", (send) => send.notEnrolled, 100),
  { id: "when", header: "When", width: 132, grow: 1, cell: (send) => <SendWhen send={send} /> },
  {
    id: "who",
    header: "By",
    width: 96,
    grow: 0.7,
    hiddenByDefault: true,
    cell: (send) => <Line title={send.launchedByName ?? undefined}>{send.launchedByName ?? "–"}</Line>,
  },
  {
    id: "origin",
    header: "From",
    width: 180,
    grow: 0.8,
    hiddenByDefault: true,
    cell: (send) => <Line title={originWords(send)}>{originWords(send)}</Line>,
  },
];

/** A send on a phone. */
export function SendRow({ send, now, zone }: { send: Send; now: number; zone: string }) {
  return (
    <Box width="full" minW="0">
      <Flex gap="3" justify="space-between" align="center">
        <SendName send={send} />
        <StatusBadge {...sendBadge(send, now, zone)} />
      </Flex>
      <Flex gap="3" align="center" mt="1" color="fg.muted" textStyle="xs">
        <Box flex="1">
          <TotalsBar send={send} height="1.5" isBeforeStart={isScheduled(send, now, zone)} />
        </Box>
        <span>{formatCount(send.total)} selected</span>
        <SendWhen send={send} />
      </Flex>
    </Box>
  );
}
