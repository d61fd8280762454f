export interface Link {
  source: string;
  target: string;
}

/** A link, turned round where it closes a cycle. `index` is its place in the list given. */
export interface Forward extends Link {
  index: number;
  turned: boolean;
}

/** Turns round the links that close a cycle. It keeps a stack of its own, because a flow may be a chain of 500 nodes. */
export const withoutCycles = (ids: string[], links: Forward[]): Forward[] => {
  const out = groupBy(links, (link) => link.source);
  const state = new Map<string, "open" | "done">();
  const forward: Forward[] = [];
  for (const root of startsFirst(ids, links)) {
    if (state.has(root)) continue;
    state.set(root, "open");
    const stack = [{ id: root, next: 0 }];
    while (stack.length > 0) {
      const here = stack[stack.length - 1] as { id: string; next: number };
      const link = out.get(here.id)?.[here.next++];
      if (link === undefined) {
        state.set(here.id, "done");
        stack.pop();
      } else if (state.get(link.target) === "open") {
        forward.push({ ...link, source: link.target, target: link.source, turned: true });
      } else {
        forward.push(link);
        if (!state.has(link.target)) {
          state.set(link.target, "open");
          stack.push({ id: link.target, next: 0 });
        }
      }
    }
  }
  return forward;
};

const startsFirst = (ids: string[], links: Link[]): string[] => {
  const entered = new Set(links.map((link) => link.target));
  return [...ids.filter((id) => !entered.has(id)), ...ids.filter((id) => entered.has(id))];
};

/** The layer of every id is one below the lowest of those that lead to it. The links must not form a cycle. */
export const longestPath = (ids: string[], links: Link[]): Map<string, number> => {
  const out = groupBy(links, (link) => link.source);
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const link of links) waiting.set(link.target, (waiting.get(link.target) ?? 0) + 1);
  const layerOf = new Map(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (let index = 0; index < ready.length; index++) {
    const id = ready[index] as string;
    for (const link of out.get(id) ?? []) {
      layerOf.set(link.target, Math.max(layerOf.get(link.target) ?? 0, (layerOf.get(id) ?? 0) + 1));
      const left = (waiting.get(link.target) ?? 0) - 1;
      waiting.set(link.target, left);
      if (left === 0) ready.push(link.target);
    }
  }
  return layerOf;
};

export const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};
