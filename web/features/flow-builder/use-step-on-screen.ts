import { useEffect } from "react";
import type { DraftStore } from "./draft/draft-store.ts";
import { useDraft } from "./use-draft.ts";

/** Brings the steps on screen when one is opened from beside them: from the problems, or from what keeps a flow from being published. */
export function useStepOnScreen(store: DraftStore, part: "steps" | "settings", onPart: (part: "steps") => void): void {
  const selected = useDraft(store, (state) => state.selected);
  // A person who goes to the settings has left the step that was open.
  useEffect(() => {
    if (part === "settings") store.getState().select(null);
  }, [store, part]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a step that is opened leads there
  useEffect(() => {
    if (part === "settings" && selected !== null) onPart("steps");
  }, [selected]);
}
