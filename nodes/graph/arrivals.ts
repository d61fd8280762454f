import { findDistances } from "#contract/graph-search.ts";
import { type CheckedGraph, type CheckedNode, followingIn, type Targets } from "./checked-node.ts";

/** What is so when a contact comes to a node: on every way to it, and on some way. */
export interface Arrival {
  always: ReadonlySet<string>;
  sometimes: ReadonlySet<string>;
}

/** What passing a node by one of its exits changes. `mayAdd`: it is so afterwards, or is not any more. */
export interface Passing {
  adds?: readonly string[];
  removes?: readonly string[];
  mayAdd?: readonly string[];
}

/**
 * For every node that is reached, what is so when a contact comes to it. The graph is gone through until nothing changes any
 * more; every round can only take from `always` and add to `sometimes`, so there is an end.
 *
 * A goal draws contacts from every step before it, the first one too: they are asked about it before each step, and who fits
 * already when they enter has done nothing yet. So nothing is always so at a goal. A step that is switched off changes nothing,
 * and is left by its first exit alone.
 */
export function findArrivals(graph: CheckedGraph, passing: (node: CheckedNode, exit: string) => Passing): Map<string, Arrival> {
  const targets = travelled(graph);
  const from = arrivingIn(targets);
  const reached = [...findDistances(graph.entries, followingIn(targets)).keys()];
  const arrivals = new Map<string, Arrival>();
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const id of reached) {
      const node = graph.nodes.get(id);
      const before = arrivals.get(id);
      const ways = (from.get(id) ?? []).flatMap(({ source, exit }) => {
        const there = arrivals.get(source);
        const passed = graph.nodes.get(source);
        return there && passed ? [leave(there, passed.isOff === true ? {} : passing(passed, exit))] : [];
      });
      const isEntry = graph.entries.includes(id);
      if (!isEntry && ways.length === 0) continue;
      const sometimes = new Set(ways.flatMap((way) => [...way.sometimes]));
      const [first, ...others] = isEntry || draws(node) ? [] : ways;
      const always = new Set([...(first?.always ?? [])].filter((item) => others.every((way) => way.always.has(item))));
      if (before?.always.size === always.size && before.sometimes.size === sometimes.size) continue;
      arrivals.set(id, { always, sometimes });
      isChanged = true;
    }
  }
  return arrivals;
}

/** Whether executions jump to the node from before it. */
const draws = (node: CheckedNode | undefined): boolean => node?.definition?.isGoal === true && node.isOff !== true;

function leave({ always, sometimes }: Arrival, { adds = [], removes = [], mayAdd = [] }: Passing): Arrival {
  if (adds.length + removes.length + mayAdd.length === 0) return { always, sometimes };
  const [gone, unsure] = [new Set(removes), new Set([...removes, ...mayAdd])];
  return {
    always: new Set([...[...always].filter((item) => !unsure.has(item)), ...adds]),
    sometimes: new Set([...[...sometimes].filter((item) => !gone.has(item)), ...adds, ...mayAdd]),
  };
}

/** The exits by which contacts leave each node. */
function travelled({ nodes, targets }: CheckedGraph): Targets {
  return new Map(
    [...targets].map(([id, exits]) => {
      const node = nodes.get(id);
      const first = node?.isOff === true ? node.exits?.[0]?.handle : undefined;
      return [id, first === undefined ? exits : new Map([...exits].filter(([exit]) => exit === first))];
    }),
  );
}

function arrivingIn(targets: Targets): Map<string, { source: string; exit: string }[]> {
  const from = new Map<string, { source: string; exit: string }[]>();
  for (const [source, exits] of targets) {
    for (const [exit, target] of exits) from.set(target, [...(from.get(target) ?? []), { source, exit }]);
  }
  return from;
}
