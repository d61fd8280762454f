import { hasMoved, type ReturnReason } from "#contract/approvals.ts";
import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { freezeLaunch } from "../flow/freeze-launch.ts";
import { checkGraph, freezeVersion, hashContent, liveHash } from "../flow/freeze-version.ts";
import { openFlow } from "../flow/open-flow.ts";
import type { FlowRow } from "../flow/version-rows.ts";
import { type Ask, forgetAsked, noteAsked, noteDecided, readAsk, writeHash, writeReturn } from "./approval-rows.ts";
import { holdStartedFlows } from "./approved-flow-rows.ts";
import { countSelection } from "./enroll-page-rows.ts";
import { freezeStartedFlows, hashStartedFlows } from "./started-flows.ts";

interface OfSend {
  workspaceId: string;
  sendId: string;
}

/** Hashes everything that an approval is about, the flows that its flow starts too. What is changed afterwards makes another hash. */
async function approvalHash(
  context: EngineContext,
  tx: Tx,
  workspaceId: string,
  ask: Ask,
): Promise<{ hash: string; startsFlows: boolean }> {
  const flow = (await context.flows.load(tx, [ask.flowVersionId])).get(ask.flowVersionId);
  const started = await hashStartedFlows(context, tx, { workspaceId, from: flow });
  const { round, versionHash, selection, options, start, drip, notLaterThan, oncePerAddress, canary, limits } = ask;
  // Each round is another one, so that nobody approves what went back after they looked at it.
  // The values of single contacts are in `launchHash`, so that an erased contact changes nothing that was approved.
  const { narrowing, given, launchHash, triggerData } = options;
  const content = {
    ...{ round, versionHash, selection, narrowing, given, launchHash, triggerData },
    ...{ start, drip, notLaterThan: notLaterThan?.toISOString() ?? null, oncePerAddress, canary, limits, started },
  };
  return { hash: hashContent(content), startsFlows: Object.keys(started).length > 0 };
}

/** Computes the hash of an approval anew, from what is stored. */
export async function restateHash(context: EngineContext, tx: Tx, of: OfSend): Promise<void> {
  const ask = await readAsk(tx, of, context.clock);
  if (ask) await writeHash(tx, of, (await approvalHash(context, tx, of.workspaceId, ask)).hash);
}

/** Freezes the flows that an approved send starts, and holds them with its approval. */
export async function holdWhatItStarts(context: EngineContext, tx: Tx, of: OfSend, { flowVersionId }: Pick<Ask, "flowVersionId">) {
  const from = (await context.flows.load(tx, [flowVersionId])).get(flowVersionId);
  await holdStartedFlows(tx, of, await freezeStartedFlows(context, tx, { workspaceId: of.workspaceId, from }));
}

export interface Change {
  because: ReturnReason;
  before: number;
  now: number;
}

/**
 * Looks whether what is to begin is still what was asked for. If not, the send waits again, with the flow as it is now.
 *
 * @returns what has changed; null if nothing has
 * @throws EngineRefusal where `mayRefuse`: nobody may enter the flow any more, or the send does not fit it
 */
export async function judgeApproval(
  context: EngineContext,
  tx: Tx,
  of: OfSend,
  ask: Ask,
  { mayRefuse }: { mayRefuse: boolean },
): Promise<Change | null> {
  const flow = await openFlow(tx, { workspaceId: of.workspaceId, flowId: ask.flowId });
  if (flow instanceof EngineRefusal && mayRefuse) throw flow;
  const now = await countSelection(tx, of.workspaceId, ask.selection);
  const because = await whatChanged(context, tx, of, ask, { flow, now });
  if (because === null) return null;
  const fit =
    because === "flow_changed" && !(flow instanceof EngineRefusal) ? await fitInto(context, tx, of, ask, flow, mayRefuse) : undefined;
  const expected = ask.selection.type === "ids" ? ask.selection.ids.length : now;
  await writeReturn(tx, { ...of, because, contacts: now, expected, fit }, context.clock);
  await restateHash(context, tx, of);
  await forgetAsked(tx, of);
  await noteAsked(tx, of);
  await noteDecided(tx, { ...of, what: "returned" });
  const change = { because, before: ask.contacts, now };
  await insertAuditEntry(tx, {
    workspaceId: of.workspaceId,
    actorId: null,
    actorName: "The check of approvals",
    action: "send.return",
    subjectId: of.sendId,
    details: { ...change },
  });
  return change;
}

async function whatChanged(
  context: EngineContext,
  tx: Tx,
  of: OfSend,
  ask: Ask,
  { flow, now }: { flow: FlowRow | EngineRefusal; now: number },
): Promise<ReturnReason | null> {
  if (flow instanceof EngineRefusal) return "flow_changed";
  // A graph that came with the send is not changed by what becomes of the flow.
  if (ask.flowHash !== null && (flow.lastPublication > ask.seenPublication || liveHash(flow) !== ask.flowHash)) return "flow_changed";
  if (hasMoved(ask.contacts, now)) return "audience_moved";
  const { hash, startsFlows } = await approvalHash(context, tx, of.workspaceId, ask);
  if (hash === ask.hash) return null;
  return startsFlows ? "flow_changed" : "limits_changed";
}

/** The version and the values with which the send follows the flow as it is now. */
async function fitInto(context: EngineContext, tx: Tx, { workspaceId }: OfSend, ask: Ask, flow: FlowRow, mayRefuse: boolean) {
  try {
    const graph = { nodes: flow.nodes, edges: flow.edges };
    checkGraph(graph, context.nodes, { flowId: flow.id, by: "person" });
    const version = await freezeVersion(tx, { ...flow, workspaceId }, graph, null);
    const ready = (await context.flows.load(tx, [version.id])).get(version.id);
    const launch = freezeLaunch(ready, {
      values: ask.options.given as never,
      contactValues: [...ask.own].map(([contactId, values]) => ({ contactId, values })),
      triggerData: ask.options.triggerData as never,
      ids: ask.selection.type === "ids" ? ask.selection.ids : undefined,
    });
    const { lastPublication } = flow;
    return { versionId: version.id, number: version.number, flowHash: liveHash(flow), lastPublication, given: launch.all, own: launch.own };
  } catch (error) {
    if (!(error instanceof EngineRefusal) || mayRefuse) throw error;
    return undefined;
  }
}
