import { createContext, type PointerEvent, useContext } from "react";
import { useStore } from "zustand";
import type { BuilderActions } from "../../actions.ts";
import type { DraftState, DraftStore } from "../../draft/draft-store.ts";
import type { Dragged, DragState, DragStore } from "./drag-store.ts";

/** What the parts of a drawing need that can be changed. */
export interface Editing {
  store: DraftStore;
  actions: BuilderActions;
  drag: DragStore;
  /** A press that becomes a drag once the pointer moves. `what` is asked only then. */
  press: (event: PointerEvent, what: () => Dragged | null) => void;
}

/** Undefined in a drawing that is only looked at. */
export const EditingContext = createContext<Editing | undefined>(undefined);

/** For parts that are drawn only where the drawing can be changed. */
export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error("This part belongs to a drawing that can be changed");
  return editing;
}

export const useDrag = <Part>(part: (state: DragState) => Part): Part => useStore(useEditing().drag, part);
export const useDraftHere = <Part>(part: (state: DraftState) => Part): Part => useStore(useEditing().store, part);
