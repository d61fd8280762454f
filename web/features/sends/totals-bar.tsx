import { Box, Flex } from "@chakra-ui/react";
import type { Send } from "#contract/sends.ts";
import { formatCount } from "#ui/format.ts";
import { totalsParts } from "./send-totals.ts";
import { totalsColours } from "./totals-colours.ts";

/**
 * A send as one bar. A part that exists is never thinner than 3 px: two failures among ten thousand must be seen. Its
 * numbers are its name, so nobody has to judge colours or lengths.
 */
export function TotalsBar({ send, height = "2" }: { send: Send; height?: string }) {
  const parts = totalsParts(send).filter((part) => part.count > 0);
  const words = parts.map((part) => `${formatCount(part.count)} ${part.label.toLowerCase()}`).join(", ");
  return (
    <Flex
      role="img"
      aria-label={words || "Nobody yet"}
      title={words}
      width="full"
      height={height}
      gap="1px"
      borderRadius="full"
      overflow="hidden"
      bg="bg.emphasized"
    >
      {parts.map((part) => (
        <Box key={part.key} bg={totalsColours[part.key]} minW="3px" style={{ flex: `${part.count} 1 0` }} transition="flex 180ms" />
      ))}
    </Flex>
  );
}
