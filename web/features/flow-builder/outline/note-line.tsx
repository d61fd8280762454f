import { Flex, Text } from "@chakra-ui/react";
import { ArrowDown, StickyNote } from "lucide-react";
import { firstLine } from "../operations/line-note.ts";

/** The first line of a note; all of it on hover. `onLine`: it is noted on the line that leaves there. */
export const NoteLine = ({ note, onLine = false }: { note: string; onLine?: boolean }) => (
  <Flex as="span" align="center" gap="1.5" minW="0" textStyle="xs" color="fg.muted" title={note}>
    {onLine ? (
      <ArrowDown aria-hidden size={12} style={{ flexShrink: 0 }} />
    ) : (
      <StickyNote aria-hidden size={12} style={{ flexShrink: 0 }} />
    )}
    <Text as="span" truncate fontStyle="italic" dir="auto">
      {firstLine(note)}
    </Text>
  </Flex>
);
