import type { FlowProblem } from "#contract/flows.ts";
import { findDistances, findRings } from "#contract/graph-search.ts";
import type { Tx } from "#db/client.ts";
import { listFlowStates } from "#db/queries/flows.ts";
import { type FlowStart, startsIn } from "#nodes/checks/flow-starts.ts";
import { judgeFlows } from "./judged-flows.ts";

/** The engine refuses the flow below this many. */
const deepest = 5;
/** Beyond so many flows nothing more is told; each of them has its own problems. */
const mostFlows = 200;

interface Other {
  name: string;
  starts: FlowStart[];
  /** Why it cannot be started now. */
  obstacle: string | undefined;
}

/**
 * What is wrong with the flows that a graph starts, and with those that they start: one that cannot be started, a ring in which
 * nobody rests, and a chain that is longer than the engine follows. What others have in their drafts does not count.
 */
export async function checkFlowChains(
  db: Tx,
  { workspaceId, flowId, nodes, edges }: { workspaceId: string; flowId: string; nodes: unknown; edges: unknown },
): Promise<FlowProblem[]> {
  const own = startsIn({ nodes, edges });
  if (own.length === 0) return [];
  const others = await loadOthers(db, workspaceId, own, flowId);
  const problems: FlowProblem[] = [];
  const startsOf = (id: string) => (id === flowId ? own : (others.get(id)?.starts ?? []));
  const ids = [flowId, ...others.keys()];
  const all = (id: string) => startsOf(id).map((start) => start.flowId);
  const restless = (id: string) => startsOf(id).flatMap((start) => (start.rests ? [] : [start.flowId]));
  const below = depths(ids, all);
  for (const { nodeId, field, flowId: other, rests } of own) {
    const found = others.get(other);
    if (!found) continue;
    const tell = (code: FlowProblem["code"], message: string) => problems.push({ severity: "error", code, message, nodeId, field });
    if (found.obstacle !== undefined) tell("flow_not_published", `“${found.name}” ${found.obstacle}`);
    if (!rests && findDistances([other], restless).has(flowId)) {
      tell("flow_ring", `“${found.name}” starts this flow again, and nobody rests for a minute on the way.`);
    } else if ((below.get(other) ?? 0) + 1 > deepest) {
      tell("flow_depth", `More than ${deepest} flows would be started, one out of the other. The last of them are not started.`);
    }
  }
  return problems;
}

async function loadOthers(db: Tx, workspaceId: string, own: readonly FlowStart[], flowId: string): Promise<Map<string, Other>> {
  const others = new Map<string, Other>();
  let wanted = own.map((start) => start.flowId);
  while (wanted.length > 0 && others.size < mostFlows) {
    const ids = [...new Set(wanted)].filter((id) => id !== flowId && !others.has(id)).slice(0, mostFlows);
    const rows = await listFlowStates(db, { workspaceId, ids });
    const judged = await judgeFlows(db, workspaceId, rows);
    for (const { id, name } of rows) {
      const flow = judged.get(id);
      if (flow) others.set(id, { name, starts: flow.starts, obstacle: flow.obstacle });
    }
    wanted = rows.flatMap(({ id }) => others.get(id)?.starts.map((start) => start.flowId) ?? []);
  }
  return others;
}

/** How many flows a flow can start, one out of the other. A ring counts once. */
function depths(ids: readonly string[], starts: (id: string) => string[]): Map<string, number> {
  const ringOf = new Map(findRings(ids, starts).flatMap((ring) => ring.map((id) => [id, ring] as const)));
  const known = new Map<string, number>();
  // The number of flows bounds the recursion.
  const depthOf = (id: string): number => {
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, 0);
    const ring = ringOf.get(id);
    const next = (ring ?? [id]).flatMap(starts).filter((target) => !ring?.includes(target));
    const depth = (ring?.length ?? 1) - 1 + Math.max(0, ...next.map((target) => 1 + depthOf(target)));
    known.set(id, depth);
    return depth;
  };
  for (const id of ids) depthOf(id);
  return known;
}
