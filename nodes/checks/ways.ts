import { findDistances } from "#contract/graph-search.ts";
import { type CheckedGraph, type CheckedNode, followingIn } from "../graph/checked-node.ts";

/** What is so when a contact comes to a node: on every way to it, and on some way. */
export interface Arrival {
  always: ReadonlySet<string>;
  sometimes: ReadonlySet<string>;
}

/** What passing a node adds and takes away. */
export type Passing = (node: CheckedNode) => { adds: readonly string[]; removes?: readonly string[] };

/** Whether a contact may stand here for longer than a step takes, so that a goal can draw it away. */
export const canRest = ({ definition, parsed }: CheckedNode): boolean =>
  definition !== undefined &&
  parsed !== undefined &&
  (definition.watchesContact?.(parsed) === true ||
    (definition.leastWaitSeconds?.(parsed) ?? 0) > 0 ||
    definition.category === "timing" ||
    (definition.type === "start_flow" && (parsed as { wait: boolean }).wait));

/** From where contacts come to each node: along edges and jumps, and drawn by a goal from where they rest before it. */
export function comingFrom({ nodes, targets }: CheckedGraph): Map<string, { id: string; isDrawn: boolean }[]> {
  const from = new Map<string, { id: string; isDrawn: boolean }[]>([...nodes.keys()].map((id) => [id, []]));
  for (const [source, exits] of targets) for (const target of exits.values()) from.get(target)?.push({ id: source, isDrawn: false });
  const goals = [...nodes.values()].filter(({ definition }) => definition?.isGoal);
  if (goals.length === 0) return from;
  const back = (id: string) => (from.get(id) ?? []).filter(({ isDrawn }) => !isDrawn).map((one) => one.id);
  for (const goal of goals) {
    const before = findDistances([goal.id], back);
    for (const [id, node] of nodes) if (id !== goal.id && before.has(id) && canRest(node)) from.get(goal.id)?.push({ id, isDrawn: true });
  }
  return from;
}

/**
 * For every node that is reached, what is so when a contact comes to it. The graph is gone through until nothing changes any
 * more; every round can only take from `always` and add to `sometimes`, so there is an end.
 */
export function findArrivals(graph: CheckedGraph, passing: Passing): Map<string, Arrival> {
  const from = comingFrom(graph);
  const reached = [...findDistances(graph.entries, followingIn(graph.targets)).keys()];
  const arrivals = new Map<string, Arrival>();
  const changes = new Map(reached.map((id) => [id, passing(graph.nodes.get(id) as CheckedNode)]));
  const leave = (id: string, set: ReadonlySet<string>): ReadonlySet<string> => {
    const { adds = [], removes = [] } = changes.get(id) ?? {};
    if (adds.length === 0 && removes.length === 0) return set;
    const gone = new Set(removes);
    return new Set([...[...set].filter((item) => !gone.has(item)), ...adds]);
  };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const id of reached) {
      const before = arrivals.get(id);
      const ways = (from.get(id) ?? []).flatMap(({ id: source, isDrawn }) => {
        const there = arrivals.get(source);
        if (!there) return [];
        // Who is drawn away has not done what the step does.
        return [isDrawn ? there : { always: leave(source, there.always), sometimes: leave(source, there.sometimes) }];
      });
      const isEntry = graph.entries.includes(id);
      if (!isEntry && ways.length === 0) continue;
      const sometimes = new Set(ways.flatMap((way) => [...way.sometimes]));
      const [first, ...others] = isEntry ? [] : ways;
      const always = new Set([...(first?.always ?? [])].filter((item) => others.every((way) => way.always.has(item))));
      if (before?.always.size === always.size && before.sometimes.size === sometimes.size) continue;
      arrivals.set(id, { always, sometimes });
      isChanged = true;
    }
  }
  return arrivals;
}
