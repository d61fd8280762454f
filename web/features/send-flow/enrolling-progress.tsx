import { Box, Flex, Text, VisuallyHidden } from "@chakra-ui/react";
import { formatCount } from "#ui/format.ts";
import { ProgressBar } from "#ui/progress-bar.tsx";
import { percentDone } from "./send-outcome.ts";

interface EnrollingProgressProps {
  done: number;
  total: number;
  /** The server has the send, but its progress cannot be read. */
  lost: boolean;
}

/** The progress of a send. A screen reader is told every ten percent, not every contact. */
export function EnrollingProgress({ done, total, lost }: EnrollingProgressProps) {
  const percent = percentDone(done, total);
  return (
    <Box>
      <Text textStyle="sm" fontVariantNumeric="tabular-nums" mb="1.5">
        Sending... {formatCount(done)}/{formatCount(total)}
      </Text>
      <Flex align="center" gap="3">
        <ProgressBar value={done} max={total} label="Sending" />
        <Text as="span" textStyle="sm" fontVariantNumeric="tabular-nums" minWidth="10" textAlign="end" color="fg.muted" aria-hidden>
          {percent}%
        </Text>
      </Flex>
      {lost && (
        <Text mt="2" textStyle="xs" color="fg.warning" role="alert">
          The server does not answer just now. The send goes on without this page: you may close this and find it under Sends.
        </Text>
      )}
      <VisuallyHidden role="status">{`Sending, ${percent - (percent % 10)} percent of ${formatCount(total)} contacts`}</VisuallyHidden>
    </Box>
  );
}
