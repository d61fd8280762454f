import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { type ReadyFlow, readyFlow } from "../flow/flow-graph.ts";
import { freezeToStart, liveHash } from "../flow/freeze-version.ts";
import { openFlow } from "../flow/open-flow.ts";
import type { FlowRow } from "../flow/version-rows.ts";
import { findApprovalRules } from "./approval-rows.ts";

/** Beyond so many flows nothing more is looked at. */
const mostFlows = 200;

/** The version in which each flow is started; null where it is not started at all. */
export type StartedVersions = Readonly<Record<string, string | null>>;

interface Of {
  workspaceId: string;
  from: ReadyFlow | undefined;
}

/** The hash of every flow that a graph starts, directly or through another, as it is live; by id. Null where nobody can enter one. */
export async function hashStartedFlows(context: Pick<EngineContext, "nodes">, tx: Tx, of: Of): Promise<Record<string, string | null>> {
  const flows = await readStartedFlows(context, tx, of);
  return Object.fromEntries([...flows].map(([id, flow]) => [id, flow && liveHash(flow)]));
}

/**
 * Freezes the same flows, so that what is approved now can be started later, whatever they are changed to. Null where nobody can enter
 * one, or its graph cannot run: it is not started at all.
 */
export async function freezeStartedFlows(context: Pick<EngineContext, "nodes">, tx: Tx, of: Of): Promise<StartedVersions> {
  const flows = await readStartedFlows(context, tx, of);
  const versions: Record<string, string | null> = {};
  // In the order of their ids, because the row of a flow is locked while a version of it is made.
  for (const [id, flow] of [...flows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const version = flow && (await freezeToStart(context.nodes, tx, { ...flow, workspaceId: of.workspaceId }));
    versions[id] = version === null || version instanceof EngineRefusal ? null : version.id;
  }
  return versions;
}

/**
 * The versions that a send starts which needs no approval, where sends of others wait for one. Who may not send without an approval would
 * otherwise give the people of that send another text, by changing a flow that it starts. Undefined where it starts none, or where no
 * send waits.
 */
export async function freezeByRules(context: Pick<EngineContext, "nodes">, tx: Tx, of: Of): Promise<StartedVersions | undefined> {
  if (startedBy(of.from).length === 0) return undefined;
  const { above, editors } = await findApprovalRules(tx, of.workspaceId);
  return above === null && !editors ? undefined : freezeStartedFlows(context, tx, of);
}

/** A flow that stands in a loop of flows is read once. */
async function readStartedFlows(
  { nodes }: Pick<EngineContext, "nodes">,
  tx: Tx,
  { workspaceId, from }: Of,
): Promise<Map<string, FlowRow | null>> {
  const flows = new Map<string, FlowRow | null>();
  const wanted = startedBy(from);
  for (let flowId = wanted.shift(); flowId !== undefined && flows.size < mostFlows; flowId = wanted.shift()) {
    if (flows.has(flowId)) continue;
    const flow = await openFlow(tx, { workspaceId, flowId });
    const isClosed = flow instanceof EngineRefusal;
    flows.set(flowId, isClosed ? null : flow);
    if (!isClosed) wanted.push(...startedBy(readyFlow(flow, nodes)));
  }
  return flows;
}

function startedBy(flow: ReadyFlow | undefined): string[] {
  if (!flow || flow.problem !== undefined) return [];
  return [...flow.nodes.values()].flatMap(({ definition, config }) => definition.startsFlow?.(config as never) ?? []);
}
