import { Box, Flex } from "@chakra-ui/react";
import type { Send } from "#contract/sends.ts";
import { formatCount } from "#ui/format.ts";
import { totalsParts } from "./send-totals.ts";
import { totalsColours } from "./totals-colours.ts";

/** Those for whom no message left differ from those reached by more than their colour. */
const stripes = "repeating-linear-gradient(135deg, transparent 0 3px, {colors.bg.panel} 3px 5px)";

/**
 * A send as one bar. A part that exists is never thinner than 3 px: two failures among ten thousand must be seen. Its
 * numbers are its name, so nobody has to judge colours or lengths.
 */
export function TotalsBar({ send, height = "2", isBeforeStart }: { send: Send; height?: string; isBeforeStart?: boolean }) {
  const parts = totalsParts(send, isBeforeStart).filter((part) => part.count > 0);
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
        <Box
          key={part.key}
          bg={totalsColours[part.key]}
          backgroundImage={part.key === "unreached" || part.key === "captured" ? stripes : undefined}
          minW="3px"
          style={{ flex: `${part.count} 1 0` }}
          transition="flex 180ms"
        />
      ))}
    </Flex>
  );
}
