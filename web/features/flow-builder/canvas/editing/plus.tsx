import type { MouseEvent } from "react";
import type { Place } from "../../operations/exits.ts";
import type { Point } from "../edge-path.ts";
import { keyOf } from "./drag-store.ts";
import { useDrag, useEditing } from "./editing-context.ts";

/** Keeps the focus where the keys work: in the outline. */
export const keepFocus = (event: MouseEvent): void => event.preventDefault();

/** The state of a place while something is dragged: it may be let go there, it would be, or nothing is dragged. */
const usePlaceState = (place: Place): "legal" | "over" | "closed" | undefined => {
  const key = keyOf(place);
  return useDrag(({ dragged, legal, over }) => {
    if (dragged === null || dragged.kind === "frame") return undefined;
    return over === key ? "over" : legal.has(key) && dragged.kind !== "exit" ? "legal" : "closed";
  });
};

/** Adds a step on a line. It is drawn in the line's own SVG, and read out of the outline, so it is nothing to stop at. */
export function LinePlus({ place, at: { x, y } }: { place: Place; at: Point }) {
  const { actions } = useEditing();
  const state = usePlaceState(place);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the outline has the same button for keys and screen readers
    <g
      className="plus nopan"
      data-place={keyOf(place)}
      data-state={state}
      transform={`translate(${x} ${y})`}
      onMouseDown={keepFocus}
      onClick={() => actions.add([place])}
    >
      <title>Add a step here</title>
      <circle className="reach" r="14" />
      <circle className="disc" r="8" />
      <path d="M -4 0 H 4 M 0 -4 V 4" />
    </g>
  );
}

/** Adds a step where a way ends. */
export function EndPlus({ place }: { place: Place }) {
  const { actions } = useEditing();
  const state = usePlaceState(place);
  return (
    <button
      type="button"
      tabIndex={-1}
      className="add-end nopan"
      data-place={keyOf(place)}
      data-state={state}
      onMouseDown={keepFocus}
      onClick={() => actions.add([place])}
    >
      + Add step
    </button>
  );
}
