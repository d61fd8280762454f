import { edgeAt, type Graph, shownExits } from "./exits.ts";
import { entriesOf, reachableFrom } from "./reach.ts";

/** A way by which contacts leave steps. */
export interface WayOut {
  source: string;
  exit: string;
  label: string;
  target: string;
}

/** Where these steps lead to outside of them, the usual way first. */
export function waysOut(graph: Graph, ids: Iterable<string>): WayOut[] {
  const inside = new Set(ids);
  return piecesOf(graph, inside).flatMap((piece) => waysOutOf(graph, piece));
}

/** Whether it is clear where those go on who come to the steps, when these are taken away. */
export const healsAlone = (graph: Graph, ids: Iterable<string>): boolean =>
  piecesOf(graph, new Set(ids)).every((piece) => new Set(waysOutOf(graph, piece).map(({ target }) => target)).size <= 1);

/**
 * Takes steps away. Who came to them goes on at the step `keep`, where a way leads there; null: they end there. Left out:
 * they go on by the first way. Of steps that do not hang together each piece heals by itself.
 */
export function removeSteps(graph: Graph, ids: Iterable<string>, keep?: string | null): void {
  const gone = new Set(ids);
  const goesOnAt = new Map<string, string>();
  for (const piece of piecesOf(graph, gone)) {
    const ways = waysOutOf(graph, piece);
    const target = keep === undefined ? ways[0]?.target : ways.find((way) => way.target === keep)?.target;
    if (target !== undefined) for (const id of piece) goesOnAt.set(id, target);
  }
  graph.nodes = graph.nodes.filter(({ id }) => !gone.has(id));
  graph.edges = graph.edges.flatMap((edge) => {
    if (gone.has(edge.source)) return [];
    if (!gone.has(edge.target)) return [edge];
    const target = goesOnAt.get(edge.target);
    // A step that led back to the one before it leaves no loop behind.
    return target === undefined || target === edge.source ? [] : [{ ...edge, target }];
  });
}

/** Takes steps away together with those that then nothing leads to any more. */
export function removeWithBranches(graph: Graph, ids: readonly string[], keep: string | null): void {
  const lost = cutOff(graph, ids, keep);
  removeSteps(graph, ids, keep);
  removeSteps(graph, lost, null);
}

/** The steps that nothing leads to any more once these are taken away. */
export function cutOff(graph: Graph, ids: readonly string[], keep: string | null): string[] {
  const entries = entriesOf(graph);
  const before = reachableFrom(graph, entries);
  const after = { nodes: graph.nodes, edges: graph.edges };
  removeSteps(after, ids, keep);
  const reached = reachableFrom(after, entries);
  const gone = new Set(ids);
  return [...before].filter((id) => !reached.has(id) && !gone.has(id));
}

function waysOutOf(graph: Graph, piece: ReadonlySet<string>): WayOut[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const targets = new Set(graph.edges.filter(({ source, target }) => piece.has(source) && source !== target).map(({ target }) => target));
  const open = [...piece].filter((id) => !targets.has(id));
  const seen = new Set<string>();
  const ways: WayOut[] = [];
  // A ring has no first step, so the rest is looked at too.
  for (const id of [...open, ...piece]) visit(id);
  return ways;

  function visit(first: string): void {
    const queue = [first];
    for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
      const node = byId.get(source);
      if (!node || seen.has(source)) continue;
      seen.add(source);
      for (const { handle, label } of shownExits(node, graph.edges)) {
        const target = edgeAt(graph, { source, exit: handle })?.target;
        if (target === undefined) continue;
        if (piece.has(target)) queue.push(target);
        else ways.push({ source, exit: handle, label, target });
      }
    }
  }
}

/** Steps by what hangs together among them. */
function piecesOf(graph: Graph, inside: ReadonlySet<string>): Set<string>[] {
  const beside = new Map<string, string[]>([...inside].map((id) => [id, []]));
  for (const { source, target } of graph.edges) {
    if (!inside.has(source) || !inside.has(target)) continue;
    beside.get(source)?.push(target);
    beside.get(target)?.push(source);
  }
  const placed = new Set<string>();
  const pieces: Set<string>[] = [];
  for (const first of inside) {
    if (placed.has(first)) continue;
    const piece = new Set<string>();
    const open = [first];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (placed.has(id)) continue;
      placed.add(id);
      piece.add(id);
      open.push(...(beside.get(id) ?? []));
    }
    pieces.push(piece);
  }
  return pieces;
}
