import { useStore } from "zustand";
import type { DraftActions, DraftState, DraftStore } from "./draft/draft-store.ts";

/** Reads a part of a draft. The component is drawn again only when this part is another one. */
export const useDraft = <Part>(store: DraftStore, part: (state: DraftState & DraftActions) => Part): Part => useStore(store, part);
