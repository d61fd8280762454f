import { Flex } from "@chakra-ui/react";
import { Panel, useReactFlow } from "@xyflow/react";
import { Maximize, Minus, Plus } from "lucide-react";
import { type RefObject, useEffect } from "react";
import { IconButton } from "#ui/icon-button.tsx";
import { drawingKeys, keyIn } from "../keys/builder-keys.ts";

const duration = 150;
const nudge = 80;
const arrows: Record<string, { x: number; y: number }> = {
  ArrowUp: { x: 0, y: nudge },
  ArrowDown: { x: 0, y: -nudge },
  ArrowLeft: { x: nudge, y: 0 },
  ArrowRight: { x: -nudge, y: 0 },
};
const isTyping = ({ target }: KeyboardEvent) =>
  target instanceof Element && target.matches("input, textarea, select, [contenteditable=true], [contenteditable=true] *");
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Zoom and fit, by button and by key (+ − 0 1, and the arrows) wherever in `frame` the focus is. `arrowsTaken`: they lead
 * through the steps there.
 */
export function DrawingControls({ frame, arrowsTaken = false }: { frame: RefObject<HTMLElement | null>; arrowsTaken?: boolean }) {
  const flow = useReactFlow();
  useEffect(() => {
    const element = frame.current;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      const options = { duration: still() ? 0 : duration };
      const arrow = arrowsTaken ? undefined : arrows[event.key];
      const name = keyIn(drawingKeys, event);
      const does: Record<keyof typeof drawingKeys, () => unknown> = {
        zoomIn: () => flow.zoomIn(options),
        zoomOut: () => flow.zoomOut(options),
        showAll: () => flow.fitView({ ...options, padding: 0.1, maxZoom: 1 }),
        fullSize: () => flow.zoomTo(1, options),
      };
      if (name !== undefined) void does[name]();
      else if (arrow) {
        const view = flow.getViewport();
        void flow.setViewport({ ...view, x: view.x + arrow.x, y: view.y + arrow.y });
      } else return;
      event.preventDefault();
    };
    element?.addEventListener("keydown", onKey);
    return () => element?.removeEventListener("keydown", onKey);
  }, [frame, flow, arrowsTaken]);
  return (
    <Panel position="bottom-left">
      {/* On a phone they stand one above the other, beside the cards and not over them. */}
      <Flex direction={{ base: "column", md: "row" }} borderWidth="1px" borderRadius="l2" bg="bg.panel" p="0.5" gap="0.5">
        <IconButton icon={Minus} label="Zoom out (−)" onClick={() => void flow.zoomOut({ duration })} />
        <IconButton icon={Plus} label="Zoom in (+)" onClick={() => void flow.zoomIn({ duration })} />
        <IconButton icon={Maximize} label="Show all (0)" onClick={() => void flow.fitView({ duration, padding: 0.1, maxZoom: 1 })} />
      </Flex>
    </Panel>
  );
}
