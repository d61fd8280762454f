type Following = (id: string) => Iterable<string>;

/** The nodes that no path from an entry reaches. */
export function findUnreached(ids: Iterable<string>, entries: readonly string[], following: Following): string[] {
  const reached = new Set(entries);
  const open = [...entries];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const target of following(id)) {
      if (!reached.has(target)) {
        reached.add(target);
        open.push(target);
      }
    }
  }
  return [...ids].filter((id) => !reached.has(id));
}

/**
 * Groups of nodes that lead round to themselves, edges to nodes outside `ids` not counted. Tarjan's search for strongly
 * connected components, with a list of our own instead of recursion: a chain of thousands must not break the stack.
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
