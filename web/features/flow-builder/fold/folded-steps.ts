import { exitOfEdge, type Graph, shownExits } from "../operations/exits.ts";
import { entriesOf, reachableFrom } from "../operations/reach.ts";
import { exitRowKey } from "../outline/outline-rows.ts";

/**
 * By the row of each branch that is folded, the steps that it hides. A step is hidden when every way to it goes through a
 * folded branch, so one to which another way is open stays. A branch that hides nothing is not folded.
 */
export function foldedSteps(graph: Graph, folded: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const hidden = new Map<string, readonly string[]>();
  if (folded.length === 0) return hidden;
  const rows = new Set(folded);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const rowOf = new Map(
    graph.edges.flatMap((edge) => {
      const source = byId.get(edge.source);
      const row = source && exitRowKey({ source: source.id, exit: exitOfEdge(source, edge) });
      // A step with one way on has no row for it, by which it could be unfolded.
      return source && row && rows.has(row) && shownExits(source, graph.edges).length > 1 ? [[edge, row] as const] : [];
    }),
  );
  const entries = entriesOf(graph);
  const shown = reachableFrom({ nodes: graph.nodes, edges: graph.edges.filter((edge) => !rowOf.has(edge)) }, entries);
  const gone = new Set([...reachableFrom(graph, entries)].filter((id) => !shown.has(id)));
  const inside = { nodes: graph.nodes.filter(({ id }) => gone.has(id)), edges: graph.edges };
  for (const [{ source, target }, row] of rowOf) {
    if (!gone.has(source) && gone.has(target)) hidden.set(row, [...reachableFrom(inside, [target])]);
  }
  return hidden;
}

/** The branches that stay folded when a step, or the row of one of its exits, is to be seen. */
export function unfoldedFor(graph: Graph, folded: readonly string[], row: string): readonly string[] {
  const isMeant = (id: string) => row === id || ["exit", "end", "on"].some((kind) => row.startsWith(`${kind} ${id} `));
  // A branch inside of one that is opened may be folded itself.
  for (let left = folded; ; ) {
    const hiding = [...foldedSteps(graph, left)].filter(([, ids]) => ids.some(isMeant)).map(([key]) => key);
    if (hiding.length === 0) return left;
    left = left.filter((key) => !hiding.includes(key));
  }
}
