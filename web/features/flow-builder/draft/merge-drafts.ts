import { type DraftContent, isSame } from "./content.ts";

/** Something that two editors changed in different ways. `mine` and `theirs` are undefined where it was taken away. */
export interface Overlap {
  kind: "name" | "setting" | "node" | "edge";
  id: string;
  mine: unknown;
  theirs: unknown;
  /** Who saved theirs, where that is known. */
  by?: string | null;
}

/**
 * Merges what two editors made of one content, by node, edge and setting, and within a node by the keys of its data and of
 * its configuration. Where both changed the same thing differently, the merged content holds mine, and the overlap is told.
 */
export function mergeDrafts(base: DraftContent, mine: DraftContent, theirs: DraftContent): { merged: DraftContent; overlaps: Overlap[] } {
  const overlaps: Overlap[] = [];
  const tell = (kind: Overlap["kind"]) => (id: string, my: unknown, their: unknown) =>
    void overlaps.push({ kind, id, mine: my, theirs: their });
  const merged = {
    name: mergeValue(base.name, mine.name, theirs.name, () => tell("name")("name", mine.name, theirs.name)),
    settings: mergeRecord(base.settings, mine.settings, theirs.settings, 1, (key) =>
      tell("setting")(key, mine.settings[key], theirs.settings[key]),
    ),
    nodes: mergeLists(base.nodes, mine.nodes, theirs.nodes, tell("node")),
    edges: mergeLists(base.edges, mine.edges, theirs.edges, tell("edge")),
  };
  merged.edges = withoutLooseEnds(merged, [...mine.nodes, ...theirs.nodes]);
  return { merged, overlaps };
}

/** Without the edges that one drew to or from a step that the other took away. Those that led nowhere before stay, and are told as a problem. */
function withoutLooseEnds({ nodes, edges }: Pick<DraftContent, "nodes" | "edges">, before: DraftContent["nodes"]): DraftContent["edges"] {
  const left = new Set(nodes.map(({ id }) => id));
  const gone = new Set(before.flatMap(({ id }) => (left.has(id) ? [] : [id])));
  return gone.size === 0 ? edges : edges.filter(({ source, target }) => !gone.has(source) && !gone.has(target));
}

function mergeValue<Value>(base: Value, mine: Value, theirs: Value, onOverlap: () => void): Value {
  if (isSame(mine, theirs) || isSame(base, theirs)) return mine;
  if (isSame(base, mine)) return theirs;
  onOverlap();
  return mine;
}

/** `depth`: how many levels of keys are merged one by one. Lists and all below are one value. */
function mergeRecord(
  base: Record<string, unknown>,
  mine: Record<string, unknown>,
  theirs: Record<string, unknown>,
  depth: number,
  onOverlap: (key: string) => void,
): Record<string, unknown> {
  const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  const merged = [...keys].map((key): [string, unknown] => {
    const [was, my, their] = [base[key], mine[key], theirs[key]];
    if (depth > 1 && isRecord(my) && isRecord(their)) {
      return [key, mergeRecord(isRecord(was) ? was : {}, my, their, depth - 1, () => onOverlap(key))];
    }
    return [key, mergeValue(was, my, their, () => onOverlap(key))];
  });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

type OnOverlap = (id: string, mine: unknown, theirs: unknown) => void;

/** In my order; what only they added comes last. */
function mergeLists<Item extends { id: string }>(
  base: readonly Item[],
  mine: readonly Item[],
  theirs: readonly Item[],
  onOverlap: OnOverlap,
): Item[] {
  const [was, my, their] = [base, mine, theirs].map((list) => new Map(list.map((item) => [item.id, item])));
  const ids = new Set([...mine.map(({ id }) => id), ...theirs.map(({ id }) => id)]);
  return [...ids].flatMap((id) => {
    const merged = mergeItem(was?.get(id), my?.get(id), their?.get(id), () => onOverlap(id, my?.get(id), their?.get(id)));
    return merged === undefined ? [] : [merged];
  });
}

function mergeItem<Item extends { id: string }>(
  base: Item | undefined,
  mine: Item | undefined,
  theirs: Item | undefined,
  onOverlap: () => void,
): Item | undefined {
  if (mine && theirs) {
    let isOverlapping = false;
    const merged = mergeRecord({ ...base }, { ...mine }, { ...theirs }, 3, () => {
      isOverlapping = true;
    });
    if (isOverlapping) onOverlap();
    return merged as unknown as Item;
  }
  // One took it away. Where the other has changed it, it comes back: a change is never lost unseen.
  const left = mine ?? theirs;
  if (base === undefined || left === undefined) return left;
  if (isSame(base, left)) return undefined;
  onOverlap();
  return left;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
