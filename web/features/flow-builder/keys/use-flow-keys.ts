import { useEffect, useRef } from "react";
import { type FlowKey, flowKeys, keyIn } from "./builder-keys.ts";

/** Where a letter is a letter. */
const fields = "input, textarea, select, [contenteditable=true], [contenteditable=true] *";
/** What lies above the page has keys of its own. */
const above = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/** Carries out the keys that are for the flow as a whole, wherever on the page the focus is. Undefined: not now. */
export function useFlowKeys(handlers: Record<FlowKey, (() => void) | undefined>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const name = keyIn(flowKeys, event);
      const target = event.target instanceof Element ? event.target : document.body;
      if (name === undefined || event.defaultPrevented) return;
      if (target.closest(above) || (!("inFields" in flowKeys[name]) && target.closest(fields))) return;
      const run = latest.current[name];
      if (!run) return;
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    // The whole app listens on the document too, and some of its keys are others here.
    document.addEventListener("keydown", listen, true);
    return () => document.removeEventListener("keydown", listen, true);
  }, []);
}
