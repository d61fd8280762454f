import { Box, Flex, Text } from "@chakra-ui/react";
import { TriangleAlert } from "lucide-react";
import { Fragment } from "react";
import type { Send } from "#contract/sends.ts";
import { formatCount } from "#ui/format.ts";
import { type Sum, totalsParts, totalsSums } from "./send-totals.ts";
import { totalsColours } from "./totals-colours.ts";

/** Writes out the sums of a send, so that anybody can check them. */
export function SendSums({ send }: { send: Send }) {
  const colours = new Map(totalsParts(send).map((part) => [part.label, totalsColours[part.key]]));
  return (
    <Box display="grid" gap="2">
      {totalsSums(send).map((sum) => (
        <SumLine key={sum.whole.label} sum={sum} colours={colours} />
      ))}
    </Box>
  );
}

function SumLine({ sum, colours }: { sum: Sum; colours: Map<string, string> }) {
  return (
    <Flex
      role="group"
      aria-label={`${sum.whole.label}, taken apart`}
      gap="2"
      rowGap="2"
      wrap="wrap"
      align="baseline"
      fontVariantNumeric="tabular-nums"
    >
      <Term {...sum.whole} strong />
      <Sign>=</Sign>
      {sum.parts.map((part, index) => (
        <Fragment key={part.label}>
          {index > 0 && <Sign>+</Sign>}
          <Term {...part} colour={colours.get(part.label)} />
        </Fragment>
      ))}
      {sum.missing !== 0 && (
        <Flex role="alert" gap="1" align="center" color="fg.error" textStyle="sm">
          <TriangleAlert aria-hidden size={16} />
          {formatCount(Math.abs(sum.missing))} {sum.missing > 0 ? "not accounted for" : "too many"}
        </Flex>
      )}
    </Flex>
  );
}

function Sign({ children }: { children: string }) {
  return (
    <Text as="span" color="fg.subtle">
      {children}
    </Text>
  );
}

function Term({ label, count, colour, strong }: { label: string; count: number; colour?: string; strong?: boolean }) {
  return (
    <Flex as="span" gap="1.5" align="baseline" color={count === 0 && !strong ? "fg.subtle" : "fg"}>
      {colour && <Box boxSize="2" borderRadius="full" bg={colour} alignSelf="center" aria-hidden />}
      <Text as="span" fontWeight={strong ? "600" : "500"}>
        {formatCount(count)}
      </Text>
      <Text as="span" color="fg.muted" textStyle="sm">
        {label.toLowerCase()}
      </Text>
    </Flex>
  );
}
