import { needsApproval } from "#contract/approvals.ts";
import type { PeopleMove } from "#contract/flow-publish.ts";
import type { Tx } from "#db/client.ts";
import { lockFlowEditing } from "#db/queries/flow-drafts.ts";
import { breakPoint } from "../base/break-point.ts";
import type { RefusalProblem } from "../base/refusal.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { findApprovalRules, listApprovedUnderWay } from "../enrollment/approval-rows.ts";
import { holdAnew } from "../enrollment/approved-flow-rows.ts";
import { mayChangeApproved } from "../enrollment/refuse-unapproved.ts";
import { freezeStartedFlows } from "../enrollment/started-flows.ts";
import { readyFlow } from "../flow/flow-graph.ts";
import { checkGraph, freezeVersion } from "../flow/freeze-version.ts";
import { notBegun } from "../flow/judge-places.ts";
import type { PublishedVersion, PublishFlowInput } from "../flow-api.ts";
import { moveJob } from "../jobs/jobs.ts";
import type { Place } from "./plan-moves.ts";
import { listPlaces, planMoves } from "./plan-moves.ts";
import type { StoredDraft } from "./publish-flow-rows.ts";
import { insertRules, makeLive, readDraft, recordPublication } from "./publish-flow-rows.ts";

/**
 * Makes the draft of a flow live, in one transaction: an immutable version, the content of the flow, the end of the draft, what
 * becomes of the people inside, and the job that moves them. A contact who comes to a step between the look and the press is
 * counted here once more.
 */
export async function publishFlow(context: EngineContext, input: PublishFlowInput): Promise<PublishedVersion> {
  const { db, nodes, clock, driver } = context;
  const published = await db.transaction().execute(async (tx) => {
    // In the order in which a save locks them.
    if (!(await lockFlowEditing(tx, input))) throw flowNotFound();
    const draft = await readDraft(tx, input, { isLocked: true });
    checkDraft(draft, input);
    if (draft.live !== draft.beganFrom && draft.live !== input.replaces) {
      throw new EngineRefusal(
        "live_changed",
        "The published flow was changed by the API or another tool since this draft began. Compare the two, then publish the draft over it, or discard the draft.",
      );
    }
    const graph = { nodes: draft.nodes, edges: draft.edges };
    checkGraph(graph, nodes, { flowId: input.flowId, by: "person" });
    const flow = { id: input.flowId, workspaceId: input.workspaceId, name: draft.name, settings: draft.settings };
    const version = await freezeVersion(tx, flow, graph, input.actor.id);
    const { rules, counts, changes } = await decideMoves(context, tx, input, { graph, newVersionId: version.id });
    await makeLive(tx, input);
    if (changes) await holdForUnderWay(context, tx, input, version.id);
    const people = rules.length === 0 ? null : counts.following + counts.leaving;
    const publicationId = await recordPublication(tx, { ...input, versionId: version.id, people }, clock);
    await insertRules(tx, { workspaceId: input.workspaceId, publicationId }, rules);
    if (people !== null && people > 0) await driver.wake(tx, [moveJob(publicationId)]);
    return { ...version, people: counts };
  });
  await breakPoint("flow-published");
  return published;
}

export const flowNotFound = () => new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");

/** @throws EngineRefusal where there is nothing to publish, or somebody has saved since */
export function checkDraft(draft: StoredDraft | undefined, { revision }: { revision: string }): asserts draft is StoredDraft {
  if (!draft) throw new EngineRefusal("nothing_to_publish", "Nothing was changed since this flow was last published.");
  if (draft.revision !== revision) {
    throw new EngineRefusal("draft_changed", "Somebody has saved this flow since you opened it. Look at the changes, then publish.");
  }
}

/** @throws EngineRefusal moves_needed, with every step at which something is to be chosen or was chosen wrongly */
async function decideMoves(
  context: EngineContext,
  tx: Tx,
  { workspaceId, flowId, moves, asker }: PublishFlowInput,
  { graph, newVersionId }: { graph: { nodes: unknown; edges: unknown }; newVersionId: string },
) {
  const places = await listPlaces(context, tx, { of: { workspaceId, flowId }, graph, newVersionId });
  // A rule holds also for whoever comes to stand at its place later.
  const changed = places.filter(({ nodeId, judgement }) => judgement.fate !== "same" && isMoved(nodeId, moves));
  const changes = changed.length > 0;
  if (changes && !(await mayMoveApproved(tx, { workspaceId, flowId, asker }))) {
    throw new EngineRefusal(
      "approval_frozen",
      "A send that an admin has approved sends or starts this flow and is under way, and its people may get nothing else. Let all of them stay on their version, or let an admin publish who did not ask for that send.",
    );
  }
  if (changes) await refuseUnasked(tx, { workspaceId, asker }, changed);
  const plan = planMoves(places, moves);
  const problems = [...plan.open.map(toOpenProblem), ...wrongTargets(moves, readyFlow(graph, context.nodes))];
  if (problems.length > 0) {
    throw new EngineRefusal(
      "moves_needed",
      "Say what becomes of the people who wait at steps that are removed, then publish.",
      distinct(problems),
    );
  }
  return { ...plan, changes };
}

/**
 * People who get something else by a publication are written to by who publishes. Somebody whose send to them would wait for an approval
 * therefore leaves them on their version.
 */
async function refuseUnasked(tx: Tx, { workspaceId, asker }: Pick<PublishFlowInput, "workspaceId" | "asker">, changed: readonly Place[]) {
  const contacts = changed.reduce((all, { people }) => all + people, 0);
  // A publication has no approval of its own. Admins may approve, so they may publish for as many as they like.
  if (!asker || asker.isAdmin) return;
  if (!needsApproval(await findApprovalRules(tx, workspaceId), { contacts, lately: 0, isAdmin: false, isTest: false })) return;
  throw new EngineRefusal(
    "approval_frozen",
    "Your sends to these people would wait for an approval, so a publication of yours cannot give them something else. Let all of them stay on their version, or let an admin publish.",
  );
}

/** Who gave the people of a send this version may do so, so those who come after them get it too. */
async function holdForUnderWay(context: EngineContext, tx: Tx, { workspaceId, flowId }: PublishFlowInput, versionId: string) {
  const from = (await context.flows.load(tx, [versionId])).get(versionId);
  await holdAnew(tx, { workspaceId, flowId, versionId }, await freezeStartedFlows(context, tx, { workspaceId, from }));
}

const isMoved = (nodeId: string, moves: readonly PeopleMove[]): boolean =>
  moves.some((move) => (move.nodeId ?? notBegun) === nodeId && (move.action === "follow" || move.action === "node"));

async function mayMoveApproved(tx: Tx, { asker, ...of }: Pick<PublishFlowInput, "workspaceId" | "flowId" | "asker">): Promise<boolean> {
  return (await listApprovedUnderWay(tx, of)).every((ask) => mayChangeApproved(ask, asker));
}

function toOpenProblem({ nodeId, label, people }: Place): RefusalProblem {
  const who = people === 1 ? "One person waits" : `${people} people wait`;
  return {
    nodeId,
    message: `${who} at “${label ?? nodeId}”, which is not in the new version. Move them to another step, take them out, or let them finish on their version.`,
  };
}

/** Steps to which people are to be moved and that the new version does not have. */
function wrongTargets(moves: readonly PeopleMove[], to: ReturnType<typeof readyFlow>): RefusalProblem[] {
  return moves.flatMap((move): RefusalProblem[] => {
    if (move.action !== "node" || (to.problem === undefined && to.nodes.has(move.toNodeId))) return [];
    const message = `People are to be moved to the step ${move.toNodeId}, which is not in the new version. Choose another one.`;
    return [{ nodeId: move.nodeId ?? move.toNodeId, message }];
  });
}

/** People of several versions may wait at the same step. */
const distinct = (problems: readonly RefusalProblem[]): RefusalProblem[] => [
  ...new Map(problems.map((one) => [one.message, one])).values(),
];
