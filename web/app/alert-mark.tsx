import { Box } from "@chakra-ui/react";
import { formatCount, plural } from "#ui/format.ts";

/** The accessible name of a link with alerts: "Queue, 2 alerts". */
export const alertWords = (label: string, alerts: number): string => (alerts === 0 ? label : `${label}, ${plural(alerts, "alert")}`);

/** Marks a link whose page has alerts: with their number, or with a dot where there is no room for one. */
export function AlertMark({ alerts, dot }: { alerts: number; dot?: boolean }) {
  if (alerts === 0) return null;
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
      aria-hidden
    >
      {formatCount(alerts)}
    </Box>
  );
}
