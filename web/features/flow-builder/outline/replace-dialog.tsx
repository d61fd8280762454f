import { Box, Text } from "@chakra-ui/react";
import { findDefinition } from "#nodes/definitions.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { DraftContent } from "../draft/content.ts";
import { lossesOf } from "../operations/replace.ts";
import { wordsOfKey } from "../panel/config-words.ts";
import { nameIn } from "./step-name.ts";

interface ReplaceDialogProps {
  content: DraftContent;
  nodeId: string;
  type: string;
  onReplace: () => void;
  onClose: () => void;
}

/** Tells what is lost when a step becomes one of another type. */
export function ReplaceDialog({ content, nodeId, type, onReplace, onClose }: ReplaceDialogProps) {
  const { settings, ways, readers } = lossesOf(content, nodeId, type);
  const label = findDefinition(type)?.label ?? type;
  const lines = [
    ...settings.map((key) => `What is set for “${wordsOfKey([key])}”`),
    ...ways.map((way) => `The way “${way.label}” to “${nameIn(content, way.target)}”, which stays without it`),
    ...readers.map((reader) => `The result “${reader.name}”, which “${nameIn(content, reader.nodeId)}” reads`),
  ];
  return (
    <ConfirmDialog
      open
      title={`Replace “${nameIn(content, nodeId)}” with “${label}”?`}
      confirmLabel="Replace"
      tone="primary"
      onConfirm={onReplace}
      onClose={onClose}
    >
      <Text mb="2">Its name, note and place stay. This is lost, and comes back by Undo:</Text>
      <Box as="ul" ps="5" listStyleType="disc">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </Box>
    </ConfirmDialog>
  );
}
