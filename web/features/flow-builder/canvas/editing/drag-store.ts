import { createStore } from "zustand/vanilla";
import type { Place } from "../../operations/exits.ts";
import type { Point } from "../edge-path.ts";

/**
 * What is dragged: steps to another place; a type out of the shelf, to make a step of it; an exit to the step that it is to
 * lead to; or a frame around the steps that are to be selected.
 */
export type Dragged =
  | { kind: "steps"; ids: readonly string[]; name: string; isCopy: boolean }
  | { kind: "type"; type: string; name: string }
  | { kind: "exit"; place: Place; name: string }
  | { kind: "frame" };

export interface DragState {
  dragged: Dragged | null;
  /** The keys of the places, or the ids of the steps, on which it may be let go. */
  legal: ReadonlySet<string>;
  /** The one of them that is nearest to the pointer. */
  over: string | null;
  /** Where it was taken and where it is, in pixels of the window. */
  from: Point;
  at: Point;
}

const atRest: DragState = { dragged: null, legal: new Set(), over: null, from: { x: 0, y: 0 }, at: { x: 0, y: 0 } };

export const createDragStore = () => createStore<DragState>()(() => atRest);
export type DragStore = ReturnType<typeof createDragStore>;
export const endDrag = (store: DragStore): void => store.setState(atRest);

/** The name of a place in a drawing: that of the head of the exit, if it has one. */
export const keyOf = ({ source, exit }: Place): string => `${source}\n${exit}`;
