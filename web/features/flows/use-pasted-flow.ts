import { useEffect } from "react";
import { toast } from "#ui/toaster.tsx";
import { readFlowText } from "./flow-text.ts";

/** Calls back with a whole flow that is pasted anywhere on the page but in a field. Other texts mean nothing here. */
export function usePastedFlow(onPaste: ((text: string) => void) | undefined): void {
  useEffect(() => {
    if (!onPaste) return;
    const hear = (event: ClipboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea, select, [contenteditable], [role=dialog]")) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const flow = readFlowText(text);
      if (flow === undefined) return;
      event.preventDefault();
      if (flow !== "parts") return onPaste(text);
      toast({ status: "info", title: "These are copied steps", description: "Open the flow that they are for, and paste them there." });
    };
    document.addEventListener("paste", hear);
    return () => document.removeEventListener("paste", hear);
  }, [onPaste]);
}
