import type { ProblemFix } from "#contract/flow-problems.ts";
import { findRings, findUnreached } from "#contract/graph-search.ts";
import { type CheckedNode, followingIn, type Report, type Targets } from "./checked-node.ts";

/** Reports nodes that no path reaches, and loops in which no execution rests. */
export function checkPaths(nodes: Map<string, CheckedNode>, targets: Targets, entries: string[], report: Report): void {
  const following = followingIn(targets);
  if (entries.length > 0) {
    for (const id of findUnreached(nodes.keys(), entries, following)) {
      report("unreachable", "No way leads to this step.", { nodeId: id, fix: { kind: "delete_step", label: "Delete this step" } });
    }
  }
  for (const ring of findRings(restlessIn(nodes), following)) {
    const message = `${ring.length === 1 ? "This step leads" : `${ring.length} steps lead`} back to the beginning without a delay of at least a minute.`;
    report("cycle_without_wait", message, { nodeId: ring[0] as string, fix: restIn(ring, nodes, targets) });
  }
}

/** A day of rest in a ring: before each round where a step goes back by its settings, else as a step of its own. */
function restIn(ring: readonly string[], nodes: Map<string, CheckedNode>, targets: Targets): ProblemFix {
  const inside = new Set(ring);
  const ways = ring.flatMap((id) =>
    [...(targets.get(id) ?? [])].filter(([, target]) => inside.has(target)).map(([exit, target]) => ({ id, exit, target })),
  );
  const jump = ways.find(({ id, exit }) => Object.hasOwn(nodes.get(id)?.jumps ?? {}, exit));
  if (jump) return { kind: "set", label: "Pause 1 day before each round", nodeId: jump.id, field: "pauseSeconds", value: 86_400 };
  const way = ways.find(({ target }) => target === ring[0]) ?? ways[0];
  return waitBehind(way?.id ?? (ring[0] as string), way?.exit ?? "next");
}

const waitBehind = (nodeId: string, exit: string): ProblemFix => ({
  kind: "add_step",
  label: "Add “Wait 1 day”",
  nodeId,
  value: { exit, type: "delay", config: { mode: "duration", amount: 1, unit: "days" } },
});

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
    const before = [...targets].flatMap(([source, exits]) =>
      [...exits].flatMap(([exit, target]) =>
        target === id && !Object.hasOwn(nodes.get(source)?.jumps ?? {}, exit) ? [{ source, exit }] : [],
      ),
    );
    const [only] = before;
    report("cycle_without_wait", "This flow starts itself without a delay of at least a minute before.", {
      nodeId: id,
      // Where several ways lead here, one delay would not be before all of them.
      ...(only && before.length === 1 && { fix: waitBehind(only.source, only.exit) }),
    });
  }
}

const restlessIn = (nodes: Map<string, CheckedNode>) => [...nodes.values()].filter(({ rests }) => !rests).map(({ id }) => id);
