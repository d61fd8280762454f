import { useBlocker } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { createAutosave, type DraftServer } from "./draft/autosave.ts";
import type { DraftStore } from "./draft/draft-store.ts";

/** Saves the draft while it is edited, and before the page is left. */
export function useAutosave(store: DraftStore, server: DraftServer) {
  const [autosave] = useState(() => createAutosave(store, server));
  useEffect(() => {
    const onHide = () => document.visibilityState === "hidden" && void autosave.flush();
    document.addEventListener("visibilitychange", onHide);
    return () => {
      document.removeEventListener("visibilitychange", onHide);
      void autosave.flush();
    };
  }, [autosave]);
  useBlocker({
    shouldBlockFn: async () => {
      if (!autosave.hasUnsaved()) return false;
      await autosave.flush();
      return autosave.hasUnsaved() && !window.confirm("Your last changes are not saved. Leave all the same?");
    },
    enableBeforeUnload: () => autosave.hasUnsaved(),
  });
  return autosave;
}
