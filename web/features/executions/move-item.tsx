import { Box, Flex, Text } from "@chakra-ui/react";
import { ArrowRightLeft, LogOut } from "lucide-react";
import type { ExecutionMove } from "#contract/executions.ts";
import { RelativeTime } from "#ui/relative-time.tsx";

const words = ({ action, from, to }: ExecutionMove): string => {
  if (action === "leave") return `Taken out when version ${to.version} was published`;
  return `Moved from version ${from.version} to version ${to.version}${action === "node" ? ", to another step" : ""}`;
};

/** The border between two versions in the history of an execution. It is no visit, so it has no number. */
export function MoveItem({ move, zone }: { move: ExecutionMove; zone: string }) {
  const Icon = move.action === "leave" ? LogOut : ArrowRightLeft;
  return (
    <Flex as="li" gap="3" align="center" textStyle="sm" color="fg.muted" pb="5" aria-label={words(move)}>
      <Flex
        boxSize="8"
        borderRadius="l2"
        borderWidth="1px"
        borderStyle="dashed"
        flexShrink={0}
        align="center"
        justify="center"
        bg="bg.panel"
      >
        <Icon aria-hidden size={14} strokeWidth={1.75} />
      </Flex>
      <Text minW="0" overflowWrap="anywhere">
        {words(move)}
      </Text>
      <Box flex="1" />
      <Text as="span" textStyle="xs" whiteSpace="nowrap">
        <RelativeTime at={move.at} zone={zone} />
      </Text>
    </Flex>
  );
}
