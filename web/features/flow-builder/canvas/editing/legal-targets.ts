import type { DraftContent } from "../../draft/content.ts";
import { newNode } from "../../operations/change-graph.ts";
import { edgeAt, exitsOf } from "../../operations/exits.ts";
import { mayMoveTo } from "../../operations/move.ts";
import { partOf } from "../../operations/part.ts";
import { placesOf } from "../../operations/places.ts";
import { type Dragged, keyOf } from "./drag-store.ts";

/** Where something that is dragged may be let go: keys of places, or ids of steps for an exit. The others never light. */
export function legalTargets(content: DraftContent, dragged: Dragged): ReadonlySet<string> {
  const places = () => placesOf(content).map(({ place }) => place);
  switch (dragged.kind) {
    case "frame":
      return new Set();
    case "exit": {
      const { source } = dragged.place;
      return new Set(content.nodes.flatMap(({ id, type }) => (type === "start" || id === source ? [] : [id])));
    }
    case "type": {
      // A step that only ends would cut off what follows.
      const leadsOn = exitsOf(newNode(dragged.type)).length > 0;
      return new Set(places().flatMap((place) => (leadsOn || !edgeAt(content, place) ? [keyOf(place)] : [])));
    }
    case "steps": {
      const part = partOf(content, dragged.ids);
      if (!part) return new Set();
      const may = dragged.isCopy
        ? (place: Parameters<typeof edgeAt>[1]) => part.loose.length > 0 || !edgeAt(content, place)
        : (place: Parameters<typeof edgeAt>[1]) => mayMoveTo(content, part, [place]);
      return new Set(places().filter(may).map(keyOf));
    }
  }
}
