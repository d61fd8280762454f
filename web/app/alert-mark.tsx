import { Box } from "@chakra-ui/react";
import { formatCount, plural } from "#ui/format.ts";

/** The accessible name of a link with alerts: "Queue, 2 alerts". */
export const alertWords = (label: string, alerts: number): string => (alerts === 0 ? label : `${label}, ${plural(alerts, "alert")}`);

/** Marks a link whose page has alerts: with their number, or with a dot where there is no room for one. */
export function AlertMark({ alerts, dot }: { alerts: number; dot?: boolean }) {
  return alerts === 0 ? null : <CountMark text={formatCount(alerts)} dot={dot} />;
}

/**
 * A number at the end of a link whose accessible name tells it in words, or a dot at its icon. The number is drawn by a style, because
 * text in the link would have to stand in its name as it is.
 */
export function CountMark({ text, dot }: { text: string; dot?: boolean | undefined }) {
  if (dot) {
    return <Box as="span" position="absolute" top="-0.5" insetEnd="-1" boxSize="2" borderRadius="full" bg="status.waiting" aria-hidden />;
  }
  return (
    <Box
      as="span"
      ms="auto"
      minW="5"
      px="1.5"
      borderRadius="full"
      textAlign="center"
      textStyle="xs"
      fontVariantNumeric="tabular-nums"
      color="status.waiting"
      bg="status.waiting.bg"
      data-count={text}
      _before={{ content: "attr(data-count)" }}
      aria-hidden
    />
  );
}
