import {
  cloneElement,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { lazyLater } from "./lazy-later.ts";
import type { TooltipPlacement } from "./tooltip-bubble.tsx";

/** No first row needs a bubble, so its code is fetched when the browser is idle. */
const TooltipBubble = lazyLater(async () => (await import("./tooltip-bubble.tsx")).TooltipBubble);

interface TooltipProps {
  content: ReactNode;
  /** A single element that takes a ref and can be focused. */
  children: ReactElement<TriggerProps>;
  placement?: TooltipPlacement;
}

interface TriggerProps {
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  onPointerEnter?: (event: PointerEvent) => void;
  onPointerLeave?: (event: PointerEvent) => void;
  onPointerDown?: (event: PointerEvent) => void;
  onFocus?: (event: FocusEvent) => void;
  onBlur?: (event: FocusEvent) => void;
}

/** Milliseconds. A pointer that only passes by opens nothing. */
const delays = { open: 350, close: 80 } as const;

/** A word about an element, shown while the pointer rests on it or the keyboard has come to it. */
export function Tooltip({ content, children, placement = "top" }: TooltipProps) {
  const ownId = useId();
  const triggerId = children.props.id ?? ownId;
  const bubbleId = `${triggerId}-bubble`;
  const [open, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const turn = (next: boolean, after = 0) => {
    clearTimeout(timer.current);
    const act = () => {
      setOpen(next);
      if (next) setWasOpened(true);
    };
    if (after === 0) act();
    else timer.current = setTimeout(act, after);
  };
  const { props } = children;
  return (
    <>
      {cloneElement(children, {
        id: triggerId,
        // A bubble that only shows the name would be spoken as a second one.
        "aria-describedby": open && content !== props["aria-label"] ? bubbleId : props["aria-describedby"],
        onPointerEnter: (event: PointerEvent) => {
          props.onPointerEnter?.(event);
          if (event.pointerType !== "touch") turn(true, delays.open);
        },
        onPointerLeave: (event: PointerEvent) => {
          props.onPointerLeave?.(event);
          turn(false, delays.close);
        },
        onPointerDown: (event: PointerEvent) => {
          props.onPointerDown?.(event);
          turn(false);
        },
        onFocus: (event: FocusEvent) => {
          props.onFocus?.(event);
          if (event.currentTarget.matches(":focus-visible")) turn(true);
        },
        onBlur: (event: FocusEvent) => {
          props.onBlur?.(event);
          turn(false);
        },
      })}
      {wasOpened && (
        <Suspense>
          <TooltipBubble
            id={bubbleId}
            triggerId={triggerId}
            open={open}
            onClose={() => turn(false)}
            content={content}
            placement={placement}
          />
        </Suspense>
      )}
    </>
  );
}
