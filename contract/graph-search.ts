/** Gives the nodes to which the edges of a node lead, by its id. A node may be named more than once. */
export type Following = (id: string) => Iterable<string>;

/** How many edges away from the nearest start each reachable node is. A start is at 0. The order is breadth first. */
export function findDistances(starts: Iterable<string>, following: Following): Map<string, number> {
  const distances = new Map<string, number>();
  for (const id of starts) distances.set(id, 0);
  // A map is iterated in the order of insertion, and entries that are added on the way are visited as well.
  for (const [id, distance] of distances) {
    for (const target of following(id)) if (!distances.has(target)) distances.set(target, distance + 1);
  }
  return distances;
}

/** The nodes that no path from an entry reaches, in the order of `ids`. */
export function findUnreached(ids: Iterable<string>, entries: readonly string[], following: Following): string[] {
  const reached = findDistances(entries, following);
  return [...ids].filter((id) => !reached.has(id));
}

/**
 * Groups of nodes that lead round to themselves. Edges to nodes outside of `ids` do not count. This is Tarjan's search
 * for strongly connected components, with a list instead of recursion, because a chain of thousands must not break the
 * stack.
 */
export function findRings(ids: readonly string[], following: Following): string[][] {
  const inside = new Set(ids);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const rings: string[][] = [];
  const enter = (id: string) => {
    order.set(id, order.size);
    lowest.set(id, order.size - 1);
    path.push(id);
    onPath.add(id);
    return { id, targets: [...following(id)].filter((target) => inside.has(target)) };
  };
  for (const root of ids) {
    if (order.has(root)) continue;
    const open = [enter(root)];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { id, targets } = top;
      const target = targets.pop();
      if (target === undefined) {
        open.pop();
        const parent = open.at(-1);
        if (parent) lowest.set(parent.id, Math.min(lowest.get(parent.id) ?? 0, lowest.get(id) ?? 0));
        if (lowest.get(id) === order.get(id)) takeRing(id);
      } else if (!order.has(target)) open.push(enter(target));
      else if (onPath.has(target)) lowest.set(id, Math.min(lowest.get(id) ?? 0, order.get(target) ?? 0));
    }
  }
  return rings;

  function takeRing(first: string): void {
    const ring = path.splice(path.lastIndexOf(first));
    for (const id of ring) onPath.delete(id);
    if (ring.length > 1 || [...following(first)].includes(first)) rings.push(ring);
  }
}
