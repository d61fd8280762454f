import { edgeAt, exitOfEdge, type Graph, type Place, shownExits } from "./exits.ts";
import { inOrder, looseEnds } from "./part.ts";
import { blockOf } from "./reach.ts";

/**
 * Where something is put that is to follow these steps: at their way out, or where all their ways meet. Null: their ways
 * part for good, or end with them, so there is no place behind all of them.
 */
export function placesAfter(graph: Graph, ids: readonly string[]): Place[] | null {
  const [only] = ids;
  const steps = ids.length === 1 && only !== undefined ? blockOf(graph, only) : ids;
  const entry = ids.length === 1 ? only : inOrder(graph, ids)[0];
  const loose = entry === undefined ? [] : looseEnds(graph, new Set(steps), entry);
  const targets = new Set(loose.map((place) => edgeAt(graph, place)?.target));
  return targets.size === 1 ? loose : null;
}

/** Where something is put that is to come before a step: on every way that leads to it. Null: nothing leads to it. */
export function placesBefore(graph: Graph, nodeId: string): Place[] | null {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const places = graph.edges.flatMap((edge) => {
    const source = edge.target === nodeId ? byId.get(edge.source) : undefined;
    return source ? [{ source: source.id, exit: exitOfEdge(source, edge) }] : [];
  });
  return places.length > 0 ? places : null;
}

/** Every place of a graph at which a step may stand. */
export const placesOf = (graph: Graph): { place: Place; label: string; isOnly: boolean }[] =>
  graph.nodes.flatMap((node) => {
    const exits = shownExits(node, graph.edges);
    return exits.map(({ handle, label }) => ({ place: { source: node.id, exit: handle }, label, isOnly: exits.length === 1 }));
  });
