import { connect, newNode } from "./change-graph.ts";
import type { Graph, Place } from "./exits.ts";
import { insertNode } from "./insert.ts";
import { leadingTo } from "./reach.ts";

/** Leads contacts on at another step: along an edge, or, where that step comes before the place, by a Go to, which ends. */
export function continueAt(graph: Graph, place: Place, target: string): void {
  if (leadingTo(graph, place.source).has(target)) {
    const goTo = newNode("go_to");
    goTo.data.config = { ...goTo.data.config, target };
    insertNode(graph, place, goTo);
  } else connect(graph, place, target);
}
