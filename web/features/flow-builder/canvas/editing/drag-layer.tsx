import { Box, Portal } from "@chakra-ui/react";
import { useDrag } from "./editing-context.ts";

/** What follows the pointer: the name of what is dragged, a line from an exit, or a frame around steps. */
export function DragLayer() {
  const dragged = useDrag((state) => state.dragged);
  return dragged && (dragged.kind === "frame" ? <Frame /> : <Ghost name={dragged.name} hasLine={dragged.kind === "exit"} />);
}

function Ghost({ name, hasLine }: { name: string; hasLine: boolean }) {
  const at = useDrag((state) => state.at);
  const from = useDrag((state) => state.from);
  const isOver = useDrag((state) => state.over !== null);
  return (
    <Portal>
      <Box position="fixed" inset="0" zIndex="popover" pointerEvents="none" aria-hidden>
        {hasLine && (
          <Box asChild width="full" height="full" color="accent.solid">
            <svg role="presentation">
              <line x1={from.x} y1={from.y} x2={at.x} y2={at.y} stroke="currentColor" strokeWidth="2" strokeDasharray="5 5" />
            </svg>
          </Box>
        )}
        <Box
          position="absolute"
          top="0"
          left="0"
          style={{ transform: `translate(${at.x + 12}px, ${at.y + 8}px)` }}
          maxW="60"
          px="3"
          py="1.5"
          textStyle="sm"
          fontWeight="medium"
          truncate
          bg="bg.panel"
          borderWidth="1px"
          borderColor={isOver ? "accent.solid" : "border.emphasized"}
          borderRadius="l2"
          boxShadow="md"
        >
          {name}
        </Box>
      </Box>
    </Portal>
  );
}

function Frame() {
  const at = useDrag((state) => state.at);
  const from = useDrag((state) => state.from);
  return (
    <Portal>
      <Box
        position="fixed"
        zIndex="popover"
        pointerEvents="none"
        borderWidth="1px"
        borderColor="accent.solid"
        bg="accent.subtle"
        opacity="0.4"
        style={{
          left: Math.min(at.x, from.x),
          top: Math.min(at.y, from.y),
          width: Math.abs(at.x - from.x),
          height: Math.abs(at.y - from.y),
        }}
      />
    </Portal>
  );
}
