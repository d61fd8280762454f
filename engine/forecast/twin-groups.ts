/** Contacts that share addresses or limits are walked together, up to so many. */
export const largestGroup = 5_000;

/** Joins lists of ids that have an id in common, so that nobody shares an address with somebody of another group. */
export function joinGroups(lists: readonly (readonly string[])[]): string[][] {
  const parents = new Map<string, string>();
  const rootOf = (id: string): string => {
    let root = id;
    for (let above = parents.get(root); above !== undefined && above !== root; above = parents.get(root)) root = above;
    for (let at = id; at !== root; ) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  for (const [first, ...others] of lists) {
    if (first === undefined) continue;
    if (!parents.has(first)) parents.set(first, first);
    for (const other of others) {
      if (!parents.has(other)) parents.set(other, other);
      parents.set(rootOf(other), rootOf(first));
    }
  }
  return [...Map.groupBy(parents.keys(), rootOf).values()];
}

/** Groups of contacts in portions that are read at once. A group that is too large for one is walked in several, by id. */
export function packed(groups: readonly (readonly string[])[], size: number): string[][] {
  const portions: string[][] = [];
  let open: string[] = [];
  for (const group of groups) {
    if (group.length > largestGroup) {
      const sorted = group.toSorted();
      for (let at = 0; at < sorted.length; at += largestGroup) portions.push(sorted.slice(at, at + largestGroup));
      continue;
    }
    if (open.length + group.length > size && open.length > 0) {
      portions.push(open);
      open = [];
    }
    open.push(...group);
  }
  return open.length > 0 ? [...portions, open] : portions;
}
