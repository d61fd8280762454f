import { useEffect } from "react";
import { toastFoot } from "./toast-foot.ts";

/** The distance of the toasts from the foot of the window, as a variable of the document. */
export const footVariable = "--toast-foot";
const between = 16;
let watchers = 0;
let stop: (() => void) | undefined;

/** While a toast is drawn, all of them are kept above the bars and buttons at the foot of what is shown (keeps-clear.ts). */
export function useStandClear(): void {
  useEffect(() => {
    watchers += 1;
    stop ??= watch();
    return () => {
      watchers -= 1;
      if (watchers > 0) return;
      stop?.();
      stop = undefined;
    };
  }, []);
}

/** Measures anew whenever something appears, goes or has come to rest. */
function watch(): () => void {
  let frame = 0;
  const look = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      measure();
    });
  };
  const changes = new MutationObserver(look);
  changes.observe(document.body, { childList: true, subtree: true });
  const events = ["resize", "animationend", "transitionend"] as const;
  for (const event of events) window.addEventListener(event, look);
  measure();
  return () => {
    cancelAnimationFrame(frame);
    changes.disconnect();
    for (const event of events) window.removeEventListener(event, look);
  };
}

function measure(): void {
  const toasts = [...document.querySelectorAll<HTMLElement>("[data-scope=toast][data-part=root]")];
  const [first] = toasts;
  if (!first) return;
  const { left, right } = first.getBoundingClientRect();
  const height = toasts.reduce((sum, toast) => sum + toast.offsetHeight + between, -between);
  const kept = [...document.querySelectorAll("[data-keep-clear]")]
    .map((element) => element.getBoundingClientRect())
    .filter((box) => box.height > 0 && box.width > 0);
  document.documentElement.style.setProperty(footVariable, `${toastFoot(window.innerHeight, { left, right, height }, kept)}px`);
}
