import { Box } from "@chakra-ui/react";
import { formatCount, plural } from "#ui/format.ts";

/** What the link says beside its name: "Queue, 2 alerts". */
export const alertWords = (label: string, alerts: number): string => (alerts === 0 ? label : `${label}, ${plural(alerts, "alert")}`);

/** A quiet mark beside the way to something that needs somebody; a dot where there is no room for a number. */
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
