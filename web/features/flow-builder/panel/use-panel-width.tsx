import { Box } from "@chakra-ui/react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject, useState } from "react";
import { keep, recall } from "#ui/browser-memory.ts";

const key = "builder-panel-width";
const least = 320;
const most = 720;
const step = 24;
const within = (width: number) => Math.round(Math.min(most, Math.max(least, width)));

function remembered(): number | null {
  const kept = Number(recall(key) ?? "");
  return Number.isFinite(kept) && kept >= least ? within(kept) : null;
}

/** The width of the settings, as this person has drawn it, and the handle that draws it. Null: as there is room. */
export function usePanelWidth(panel: RefObject<HTMLElement | null>): { width: number | null; handle: ReactNode } {
  const [width, setWidth] = useState(remembered);
  const now = () => width ?? panel.current?.clientWidth ?? least;
  const put = (next: number) => {
    const fitting = within(next);
    keep(key, String(fitting));
    setWidth(fitting);
  };
  const forget = () => {
    keep(key, null);
    setWidth(null);
  };
  const onPointerDown = ({ currentTarget, pointerId }: PointerEvent<HTMLElement>) => currentTarget.setPointerCapture(pointerId);
  const onPointerMove = ({ currentTarget, pointerId, clientX }: PointerEvent<HTMLElement>) => {
    const right = panel.current?.getBoundingClientRect().right;
    if (right !== undefined && currentTarget.hasPointerCapture(pointerId)) put(right - clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: now() + step, ArrowRight: now() - step, Home: most, End: least }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    put(next);
  };
  const handle = (
    <Box
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the settings"
      aria-valuemin={least}
      aria-valuemax={most}
      // A separator has to have a number; where there is none the words say so.
      aria-valuenow={width ?? least}
      aria-valuetext={width === null ? "as there is room" : `${width} pixels`}
      title="Drag to change the width; double-click to give it back"
      tabIndex={0}
      position="absolute"
      top="0"
      bottom="0"
      insetInlineStart="-3px"
      w="6px"
      zIndex="1"
      cursor="col-resize"
      touchAction="none"
      _hover={{ bg: "border.emphasized" }}
      focusVisibleRing="inside"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onDoubleClick={forget}
      onKeyDown={onKeyDown}
    />
  );
  return { width, handle };
}
