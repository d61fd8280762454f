import type { Graph } from "@dagrejs/dagre";

interface Ranked {
  rank?: number;
}
interface Length {
  minlen: number;
  weight: number;
}

/**
 * Gives every box of a layout its row: as near to the start as what leads to it allows. What more leads out of than into,
 * such as a goal, to which nothing leads, then comes down to stand above the next box on its way.
 *
 * The library's own ranker keeps all lines together as short as they can be, which takes the square of the number of steps.
 * Flows begin at one place and heads stand right under their cards, so the rows come out the same but for lines that meet.
 */
export function rankFromStart(graph: Graph): void {
  const into = new Map<string, { v: string; w: string; of: Length }[]>(graph.nodes().map((id) => [id, []]));
  const outOf: typeof into = new Map(graph.nodes().map((id) => [id, []]));
  for (const edge of graph.edges()) {
    const { minlen = 1, weight = 1 } = graph.edge(edge) as Partial<Length>;
    const link = { v: edge.v, w: edge.w, of: { minlen, weight } };
    outOf.get(edge.v)?.push(link);
    into.get(edge.w)?.push(link);
  }
  const ranks = new Map<string, number>();
  const rankOf = (id: string) => ranks.get(id) ?? 0;
  const order = inOrder(graph.nodes(), into, outOf);
  for (const id of order) ranks.set(id, Math.max(0, ...(into.get(id) ?? []).map(({ v, of }) => rankOf(v) + of.minlen)));
  const pull = (links: readonly { of: Length }[] = []) => links.reduce((sum, { of }) => sum + of.weight, 0);
  for (const id of order.toReversed()) {
    const out = outOf.get(id) ?? [];
    if (pull(out) > pull(into.get(id))) ranks.set(id, Math.min(...out.map(({ w, of }) => rankOf(w) - of.minlen)));
  }
  for (const [id, rank] of ranks) (graph.node(id) as Ranked).rank = rank;
}

/** Every box after all that lead to it. The library has turned round what leads back, so there is such an order. */
function inOrder(
  ids: readonly string[],
  into: ReadonlyMap<string, readonly unknown[]>,
  outOf: ReadonlyMap<string, readonly { w: string }[]>,
): string[] {
  const open = new Map(ids.map((id) => [id, into.get(id)?.length ?? 0]));
  const order = ids.filter((id) => open.get(id) === 0);
  for (const id of order) {
    for (const { w } of outOf.get(id) ?? []) {
      const left = (open.get(w) ?? 0) - 1;
      open.set(w, left);
      if (left === 0) order.push(w);
    }
  }
  return order;
}
