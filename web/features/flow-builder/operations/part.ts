import type { FlowPart } from "#contract/flow-part.ts";
import { outlineRows } from "../outline/outline-rows.ts";
import { edgeAt, type Graph, type Place, shownExits } from "./exits.ts";

/** The steps of a graph among these ids, in the order in which a contact passes them. The start belongs to its flow. */
export function inOrder(graph: Graph, ids: Iterable<string>): string[] {
  const wanted = new Set(ids);
  return outlineRows(graph).flatMap((row) =>
    row.kind === "step" && wanted.has(row.node.id) && row.node.type !== "start" ? [row.node.id] : [],
  );
}

/** Copies steps out of a graph. Undefined where there is nothing to copy. */
export function partOf(graph: Graph, ids: Iterable<string>): FlowPart | undefined {
  const order = inOrder(graph, ids);
  const inside = new Set(order);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const nodes = order.flatMap((id) => byId.get(id) ?? []);
  if (nodes.length === 0) return undefined;
  const edges = graph.edges.filter(({ source, target }) => inside.has(source) && inside.has(target));
  const entry = entryOf(order, edges);
  return { sluice: "flow-part", version: 1, nodes, edges, entry, loose: looseEnds(graph, inside, entry) };
}

/** The first step that no other one of the part leads to. */
const entryOf = (order: readonly string[], edges: Graph["edges"]): string => {
  const targets = new Set(edges.filter(({ source, target }) => source !== target).map(({ target }) => target));
  return order.find((id) => !targets.has(id)) ?? (order[0] as string);
};

/** Whether the first step of a part leads to all the others. */
export const isOnePiece = (part: FlowPart): boolean =>
  part.entry !== null && reachedWithin(part, new Set(part.nodes.map(({ id }) => id)), part.entry).size === part.nodes.length;

/**
 * The exits at which a part goes on: those that lead out of it. Where none does, those at which it ends, so that a part that
 * was copied from the end of a flow leads on when it is put into the middle of one. An optional exit is none of them: without
 * an edge it leads where the first exit leads.
 */
export function looseEnds(graph: Graph, inside: ReadonlySet<string>, entry: string): Place[] {
  const reached = reachedWithin(graph, inside, entry);
  const open = graph.nodes
    .filter(({ id }) => reached.has(id))
    .flatMap((node) =>
      shownExits(node, graph.edges).flatMap(({ handle, optional, aside }) => {
        const place = { source: node.id, exit: handle };
        const target = edgeAt(graph, place)?.target;
        return optional || aside || (target !== undefined && inside.has(target)) ? [] : [{ place, leadsOut: target !== undefined }];
      }),
    );
  const leading = open.filter(({ leadsOut }) => leadsOut);
  return (leading.length > 0 ? leading : open).map(({ place }) => place);
}

function reachedWithin(graph: Graph, inside: ReadonlySet<string>, entry: string): Set<string> {
  const reached = new Set<string>();
  const open = [entry];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id) || !inside.has(id)) continue;
    reached.add(id);
    for (const { source, target } of graph.edges) if (source === id) open.push(target);
  }
  return reached;
}
