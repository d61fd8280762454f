import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { type ReadyFlow, readyFlow } from "../flow/flow-graph.ts";
import { liveHash } from "../flow/freeze-version.ts";
import { openFlow } from "../flow/open-flow.ts";

/** Beyond so many flows nothing more is looked at. */
const mostFlows = 200;

/** The hash of every flow that a graph starts, directly or through another, as it is live; by id. Null where nobody can enter one. */
export async function hashStartedFlows(
  { nodes }: Pick<EngineContext, "nodes">,
  tx: Tx,
  workspaceId: string,
  from: ReadyFlow | undefined,
): Promise<Record<string, string | null>> {
  const hashes: Record<string, string | null> = {};
  const wanted = startedBy(from);
  for (let flowId = wanted.shift(); flowId !== undefined && Object.keys(hashes).length < mostFlows; flowId = wanted.shift()) {
    if (flowId in hashes) continue;
    const flow = await openFlow(tx, { workspaceId, flowId });
    const isClosed = flow instanceof EngineRefusal;
    hashes[flowId] = isClosed ? null : liveHash(flow);
    if (!isClosed) wanted.push(...startedBy(readyFlow(flow, nodes)));
  }
  return hashes;
}

function startedBy(flow: ReadyFlow | undefined): string[] {
  if (!flow || flow.problem !== undefined) return [];
  return [...flow.nodes.values()].flatMap(({ definition, config }) => definition.startsFlow?.(config as never) ?? []);
}
