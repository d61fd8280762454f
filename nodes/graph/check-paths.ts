import { findRings, findUnreached } from "#contract/graph-search.ts";
import { type CheckedNode, followingIn, type Report, type Targets } from "./checked-node.ts";

/** Reports nodes that no path reaches, and loops in which no execution rests. */
export function checkPaths(nodes: Map<string, CheckedNode>, targets: Targets, entries: string[], report: Report): void {
  const following = followingIn(targets);
  if (entries.length > 0) {
    for (const id of findUnreached(nodes.keys(), entries, following)) {
      report("unreachable", `No path leads to "${id}".`, { nodeId: id });
    }
  }
  for (const ring of findRings(restlessIn(nodes), following)) {
    const message = `${ring.length === 1 ? "This node leads" : `${ring.length} nodes lead`} back to the beginning without a delay of at least a minute.`;
    report("cycle_without_wait", message, { nodeId: ring[0] as string });
  }
}

/** A flow that starts itself is a loop as well, by way of a new execution. */
export function checkSelfStarts(
  nodes: Map<string, CheckedNode>,
  targets: Targets,
  { flowId, entry }: { flowId: string | undefined; entry: string | undefined },
  report: Report,
): void {
  if (flowId === undefined || entry === undefined) return;
  const selfStarts = [...nodes.values()].filter(({ starts }) => starts?.toLowerCase() === flowId.toLowerCase());
  if (selfStarts.length === 0) return;
  const again = new Set(selfStarts.map(({ id }) => id));
  const rings = findRings(restlessIn(nodes), (id) => [...followingIn(targets)(id), ...(again.has(id) ? [entry] : [])]);
  for (const { id } of selfStarts) {
    if (!rings.some((ring) => ring.includes(id) && ring.includes(entry))) continue;
    report("cycle_without_wait", "This flow starts itself without a delay of at least a minute before.", { nodeId: id });
  }
}

const restlessIn = (nodes: Map<string, CheckedNode>) => [...nodes.values()].filter(({ rests }) => !rests).map(({ id }) => id);
