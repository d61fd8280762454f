import { findRings } from "#contract/graph-search.ts";
import type { CheckedGraph, CheckedNode, Report } from "../graph/checked-node.ts";
import { followingIn } from "../graph/checked-node.ts";

/** Tells of branches that end while others go on, of lines that lead back, and of shares that nobody gets. */
export function checkExits(graph: CheckedGraph, report: Report): void {
  for (const node of graph.nodes.values()) {
    checkEndings(node, graph, report);
    checkShares(node, report);
  }
  checkBackwardEdges(graph, report);
}

/** A branch that ends although another goes on may have been forgotten. */
function checkEndings({ id: nodeId, definition, exits, jumps }: CheckedNode, { targets }: CheckedGraph, report: Report): void {
  if (definition?.category === "end") return;
  const required = (exits ?? []).filter(({ handle, optional, aside }) => !optional && !aside && !Object.hasOwn(jumps, handle));
  const leaving = targets.get(nodeId);
  if (required.length < 2 || !required.some(({ handle }) => leaving?.has(handle))) return;
  for (const { handle: exit, label } of required) {
    if (leaving?.has(exit)) continue;
    report("ends_early", `The flow ends for those who leave by “${label}”.`, {
      nodeId,
      exit,
      fix: { kind: "add_step", label: "Add an End", value: { exit, type: "end", config: { result: "neutral" } } },
    });
  }
}

function checkShares({ id: nodeId, definition, parsed }: CheckedNode, report: Report): void {
  if (definition?.type !== "split" || parsed === undefined) return;
  const { shares } = parsed as { shares: readonly { label: string; id: string; percent: number }[] };
  for (const [index, { percent, label, id }] of shares.entries()) {
    if (percent !== 0) continue;
    const isRemovable = shares.length > 2;
    report("share_zero", `Nobody gets the share “${label || id}”: it has 0 percent.`, {
      nodeId,
      field: `shares.${index}${isRemovable ? "" : ".percent"}`,
      ...(isRemovable && { fix: { kind: "remove", label: "Remove this share" } }),
    });
  }
}

/** An edge that leads to an earlier step makes a loop whose rounds nobody counts. */
function checkBackwardEdges({ nodes, targets, entries, edgeIds }: CheckedGraph, report: Report): void {
  const rings = findRings([...nodes.keys()], followingIn(targets));
  if (rings.length === 0) return;
  const ringOf = new Map(rings.flatMap((ring) => ring.map((id) => [id, ring] as const)));
  for (const { source, exit, target } of backwards(entries, targets)) {
    const edgeId = edgeIds.get(source)?.get(exit);
    const ring = ringOf.get(source);
    if (edgeId === undefined || ring === undefined || ring !== ringOf.get(target)) continue;
    const rests = ring.some((id) => nodes.get(id)?.rests);
    report("backward_edge", "This connection leads back to an earlier step, as often as it likes. A “Go to” counts the rounds.", {
      nodeId: source,
      edgeId,
      exit,
      fix: { kind: "go_to", label: "Turn it into a “Go to”, 3 times", value: { times: 3, pauseSeconds: rests ? 0 : 86_400 } },
    });
  }
}

/** The ways that lead to a step on the path by which they were reached, found depth first and without recursion. */
function backwards(entries: readonly string[], targets: CheckedGraph["targets"]): { source: string; exit: string; target: string }[] {
  const found: { source: string; exit: string; target: string }[] = [];
  const done = new Set<string>();
  for (const entry of entries) {
    if (done.has(entry)) continue;
    const path = new Set<string>();
    const enter = (id: string) => {
      path.add(id);
      return { id, ways: [...(targets.get(id) ?? [])] };
    };
    const open = [enter(entry)];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const way = top.ways.shift();
      if (way === undefined) {
        open.pop();
        path.delete(top.id);
        done.add(top.id);
        continue;
      }
      const [exit, target] = way;
      if (path.has(target)) found.push({ source: top.id, exit, target });
      else if (!done.has(target)) open.push(enter(target));
    }
  }
  return found;
}
