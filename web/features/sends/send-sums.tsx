import { Box, Flex, Icon, Text } from "@chakra-ui/react";
import { CircleSlash, FlaskConical, TriangleAlert } from "lucide-react";
import { Fragment } from "react";
import type { Send } from "#contract/sends.ts";
import { formatCount } from "#ui/format.ts";
import { type Sum, type TotalsPart, totalsParts, totalsSums } from "./send-totals.ts";
import { totalsColours } from "./totals-colours.ts";

/** Writes out the sums of a send, so that anybody can check them. */
export function SendSums({ send, isBeforeStart }: { send: Send; isBeforeStart?: boolean }) {
  const keys = new Map(totalsParts(send, isBeforeStart).map((part) => [part.label, part.key]));
  return (
    <Box display="grid" gap="2">
      {totalsSums(send, isBeforeStart).map((sum) => (
        <SumLine key={sum.whole.label} sum={sum} keys={keys} />
      ))}
    </Box>
  );
}

function SumLine({ sum, keys }: { sum: Sum; keys: Map<string, TotalsPart["key"]> }) {
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
          <Term {...part} part={keys.get(part.label)} />
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

function Term({ label, count, part, strong }: { label: string; count: number; part?: TotalsPart["key"]; strong?: boolean }) {
  return (
    <Flex as="span" gap="1.5" align="baseline" color={count === 0 && !strong ? "fg.subtle" : "fg"}>
      {part === "unreached" || part === "captured" ? (
        <Icon boxSize="3" color={totalsColours[part]} alignSelf="center">
          {part === "captured" ? <FlaskConical aria-hidden /> : <CircleSlash aria-hidden />}
        </Icon>
      ) : (
        part && (
          <Box
            boxSize="2"
            borderRadius="full"
            bg={totalsColours[part]}
            borderWidth={part === "active" ? "1px" : undefined}
            borderColor="border.control"
            alignSelf="center"
            aria-hidden
          />
        )
      )}
      <Text as="span" fontWeight={strong ? "600" : "500"}>
        {formatCount(count)}
      </Text>
      <Text as="span" color="fg.muted" textStyle="sm">
        {label.toLowerCase()}
      </Text>
    </Flex>
  );
}
