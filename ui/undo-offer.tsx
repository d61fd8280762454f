import { Box, Flex, Text, VisuallyHidden } from "@chakra-ui/react";
import { Undo2 } from "lucide-react";
import { Button } from "./button.tsx";
import { plural } from "./format.ts";
import { useCountdown } from "./use-countdown.ts";

interface UndoOfferProps {
  /** The text of what happens when the time is over: "Sending to 3 contacts". */
  what: string;
  /** When it ends, by this browser's clock. */
  until: number;
  /** How long it lasts in all, in milliseconds: what the bar is measured by. */
  length: number;
  onUndo: () => void;
  busy?: boolean;
}

/** Offers to undo an action and shows how long that is possible. Disappears when the time is over. */
export function UndoOffer({ what, until, length, onUndo, busy }: UndoOfferProps) {
  const seconds = useCountdown(until);
  if (seconds === 0) return null;
  return (
    <Flex align="center" gap="3" width="full">
      <Box flex="1" minW="0">
        {/* Every second aloud would drown everything else: a screen reader hears once how long there is. */}
        <Text as="span" textStyle="sm" color="fg.muted" fontVariantNumeric="tabular-nums" aria-hidden>
          {`${what} in ${seconds} s`}
        </Text>
        <VisuallyHidden>{`${what} in ${plural(Math.round(length / 1000), "second")}. Until then it can be undone.`}</VisuallyHidden>
        <Box mt="1" height="0.5" borderRadius="full" bg="bg.emphasized" overflow="hidden" aria-hidden>
          <Box
            height="full"
            bg="accent.solid"
            transition="width 200ms linear"
            style={{ width: `${Math.min(100, Math.max(0, ((until - Date.now()) / Math.max(1, length)) * 100))}%` }}
          />
        </Box>
      </Box>
      <Button size="xs" icon={Undo2} onClick={onUndo} busy={busy}>
        Undo
      </Button>
    </Flex>
  );
}
