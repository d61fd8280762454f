import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { type FlowState, listFlowGraphs, type StoredFlow } from "#db/queries/flows.ts";
import { type FlowStart, startsIn } from "#nodes/checks/flow-starts.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { oneByOne, type WorkLimits } from "./one-by-one.ts";

/** What the graph of a stored flow says, whatever else there is in the workspace. */
export interface JudgedFlow {
  stepCount: number;
  /** Errors that keep it from being sent. */
  problemCount: number;
  channels: Channel[];
  /** The other flows that it starts. */
  starts: FlowStart[];
  /** Why no other flow can start it. */
  obstacle: string | undefined;
}

/** Flows and their starts together, some 200 bytes each. */
const mostKept = 100_000;

/** By flow and state of its row: what is judged stays until the flow is changed, and what was asked for last is forgotten last. */
const kept = new Map<string, JudgedFlow>();
let weight = 0;
const weightOf = ({ starts }: JudgedFlow) => 1 + starts.length;

/**
 * Judges flows, each once for each state of its row. A caller who is told that they are too many and asks again goes on where it ended.
 * Not for a flow that this transaction changes: it could be changed once more in it, in the same state.
 *
 * @throws ApiError unavailable, as oneByOne
 */
export async function judgeFlows(
  db: Db,
  workspaceId: string,
  flows: readonly FlowState[],
  limits: WorkLimits = {},
): Promise<ReadonlyMap<string, JudgedFlow>> {
  const judged = new Map<string, JudgedFlow>();
  const unknown: string[] = [];
  for (const flow of flows) {
    const known = recall(workspaceId, flow);
    if (known) judged.set(flow.id, known);
    else unknown.push(flow.id);
  }
  const read = (ids: readonly string[]) => listFlowGraphs(db, { workspaceId, ids });
  // Another request may have judged it meanwhile.
  for await (const flow of oneByOne(unknown, read, limits))
    judged.set(flow.id, recall(workspaceId, flow) ?? keep(workspaceId, flow, judge(flow)));
  return judged;
}

function judge({ id, nodes, edges }: StoredFlow): JudgedFlow {
  const list = Array.isArray(nodes) ? nodes : [];
  return {
    stepCount: list.length,
    problemCount: validateFlow({ nodes, edges }, id).filter(({ severity }) => severity === "error").length,
    channels: channelsOf(list),
    starts: startsIn({ nodes, edges }),
    obstacle: obstacleOf(id, nodes, edges),
  };
}

function obstacleOf(id: string, nodes: unknown, edges: unknown): string | undefined {
  if (Array.isArray(nodes) && nodes.length === 0) return "has no published steps yet.";
  // As the engine asks before it starts a flow out of another one.
  const isWrong = validateFlow({ nodes, edges }, id, { judgesNames: false }).some(({ severity }) => severity === "error");
  return isWrong ? "has problems and cannot be started." : undefined;
}

export const channelsOf = (nodes: readonly unknown[]): Channel[] =>
  [...new Set(nodes.flatMap((node) => channelOf(node) ?? []))].toSorted().reverse();

function channelOf(node: unknown): Channel | undefined {
  const type = typeof node === "object" && node !== null && "type" in node ? node.type : undefined;
  return typeof type === "string" ? findDefinition(type)?.channel : undefined;
}

const keyOf = (workspaceId: string, { id, version }: FlowState) => `${workspaceId} ${id} ${version}`;

function recall(workspaceId: string, flow: FlowState): JudgedFlow | undefined {
  const key = keyOf(workspaceId, flow);
  const known = kept.get(key);
  if (!known) return undefined;
  kept.delete(key);
  kept.set(key, known);
  return known;
}

function keep(workspaceId: string, flow: FlowState, judged: JudgedFlow): JudgedFlow {
  kept.set(keyOf(workspaceId, flow), judged);
  weight += weightOf(judged);
  for (const [key, oldest] of kept) {
    if (weight <= mostKept) break;
    kept.delete(key);
    weight -= weightOf(oldest);
  }
  return judged;
}
