import type { Contact } from "#contract/contacts.ts";
import type { FlowGraph, FlowNode } from "#contract/flows.ts";
import type { Simulation, SimulationEvent, SimulationInput } from "#contract/simulations.ts";
import type { Tx } from "#db/client.ts";
import { findDraft } from "#db/queries/flow-drafts.ts";
import { toGraph } from "#db/queries/flow-rows.ts";
import { findFlow } from "#db/queries/flows.ts";
import type { ScriptedEvent, Simulate } from "#engine/simulation/simulate.ts";
import { split } from "#nodes/split/definition.ts";
import { invalid, notFound } from "../http/errors.ts";
import { withListedStatus } from "./listed-status.ts";
import { toContactFields } from "./typed-contact.ts";

interface Given {
  /** Nothing is read while the simulation waits for its turn and runs. */
  inTransaction: <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;
  simulate: Simulate;
  workspaceId: string;
  flowId: string;
  /** Of numbers without a country code. */
  country: string;
  input: SimulationInput;
}

/**
 * Simulates a flow as the request says.
 * @throws ApiError invalid_request for values that cannot be read, flow_not_found
 * @throws EngineRefusal contact_not_found, flow_invalid, flow_has_no_steps, simulator_busy
 */
export async function simulateFlow(given: Given): Promise<Simulation> {
  const { inTransaction, simulate, workspaceId, flowId, country, input } = given;
  const graph = withShares(
    input.graph ?? (await inTransaction((db) => readGraph(db, { workspaceId, flowId, of: input.of }))),
    input.shares,
  );
  const startAt = input.startAt === undefined ? new Date() : new Date(input.startAt);
  const scripted = [...input.events].sort((a, b) => a.afterSeconds - b.afterSeconds);
  const momentOf = (event: SimulationEvent) => startAt.getTime() + event.afterSeconds * 1000;
  const { events, contact } = await inTransaction(async (db) => {
    const fieldsOf = async (typed: Parameters<typeof toContactFields>[0]) =>
      withListedStatus(db, workspaceId, toContactFields(typed, country));
    const events: ScriptedEvent[] = [];
    for (const event of scripted) {
      const at = momentOf(event);
      if (event.type === "change") events.push({ type: "change", fields: await fieldsOf(event.fields), at });
      else events.push({ ...event, at });
    }
    return { events, contact: "id" in input.contact ? input.contact : { fields: await fieldsOf(input.contact.fields) } };
  });
  const { answers, seed, values: triggerData } = input;
  const result = await simulate({ workspaceId, flowId, graph, contact, startAt, triggerData, events, answers, seed });
  return {
    startedAt: startAt.toISOString(),
    endedAt: result.endedAt.toISOString(),
    end: result.end,
    status: result.execution?.status ?? null,
    notEnrolled: result.notEnrolled,
    endedReason: result.execution?.ended_reason ?? null,
    errorMessage: result.execution?.error_message ?? null,
    steps: result.steps.map((step) => ({
      flowId: step.flow_id,
      flowName: step.flow_name,
      nodeId: step.node_id,
      nodeType: step.node_type,
      nodeLabel: step.label,
      visit: step.visit,
      attempt: step.attempt,
      status: step.status,
      exit: step.exit,
      reason: step.reason,
      result: step.result,
      errorMessage: step.error_message,
      wakeAt: step.wake_at?.toISOString() ?? null,
      startedAt: step.started_at.toISOString(),
      completedAt: step.completed_at?.toISOString() ?? null,
      message: step.message,
    })),
    variables: result.variables,
    contact: atTheEnd(result.contact),
    calls: result.calls.map((call) => ({ ...call, at: call.at.toISOString() })),
    events: scripted.slice(0, result.eventsSeen).map((event) => ({ at: new Date(momentOf(event)).toISOString(), event })),
  };
}

/** Without what belongs to the copy that was walked. */
function atTheEnd({ id: _, createdAt: __, updatedAt: ___, ...contact }: Contact): Simulation["contact"] {
  return contact;
}

async function readGraph(
  db: Tx,
  { workspaceId, flowId, of }: { workspaceId: string; flowId: string; of: SimulationInput["of"] },
): Promise<FlowGraph> {
  const row = of === "draft" ? await findDraft(db, { workspaceId, flowId }) : await findFlow(db, { workspaceId, id: flowId });
  if (!row) throw notFound("flow_not_found");
  return toGraph(row);
}

/** The graph whose splits take the shares that were asked for. @throws ApiError invalid_request for what is no share */
function withShares(graph: FlowGraph, wanted: SimulationInput["shares"]): FlowGraph {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const problems = Object.entries(wanted).flatMap(([nodeId, share]) => {
    const node = nodes.get(nodeId);
    const taken = node && takeShare(node, share);
    if (taken === undefined) return [{ path: `shares.${nodeId}`, message: "This is no split, or it has no such share" }];
    nodes.set(nodeId, taken);
    return [];
  });
  if (problems.length > 0) throw invalid(problems);
  return { ...graph, nodes: [...nodes.values()] };
}

function takeShare(node: FlowNode, share: string): FlowNode | undefined {
  const config = node.type === split.type ? split.config.safeParse(node.data.config ?? {}) : undefined;
  if (!config?.success || !config.data.shares.some(({ id }) => id === share)) return undefined;
  const shares = config.data.shares.map((one) => ({ ...one, percent: one.id === share ? 100 : 0 }));
  return { ...node, data: { ...node.data, config: { ...config.data, shares } } };
}
