import { Box, Flex, Text } from "@chakra-ui/react";
import { RotateCcw, Trash2, X } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { FloatingBar } from "#ui/floating-bar.tsx";
import { formatCount } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";

interface BinSelectionBarProps {
  count: number;
  busy: boolean;
  onRestore: () => void;
  /** Absent for those who may not erase. */
  onErase?: () => void;
  onClear: () => void;
}

/** The number of selected contacts in the bin and the actions on them. */
export function BinSelectionBar({ count, busy, onRestore, onErase, onClear }: BinSelectionBarProps) {
  return (
    <FloatingBar label="Selection">
      <Flex align="center" wrap="wrap" gap="2" ps="3.5" pe="2" py="2">
        <Text fontWeight="medium" textStyle="sm" fontVariantNumeric="tabular-nums" role="status" me="1">
          {formatCount(count)} selected
        </Text>
        <Button tone="primary" icon={RotateCcw} busy={busy} onClick={onRestore}>
          Restore
        </Button>
        {onErase && (
          <Button tone="danger" icon={Trash2} disabled={busy} onClick={onErase}>
            Erase now
          </Button>
        )}
        <Box ms="auto">
          <IconButton icon={X} label="Clear selection" onClick={onClear} />
        </Box>
      </Flex>
    </FloatingBar>
  );
}
