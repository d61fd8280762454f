import { type ContactPlan, isEndableByPerson, type PlannedExecution, planLimits } from "#contract/contact-plan.ts";
import type { PlanContactInput } from "../by-hand-api.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import { Pace } from "../forecast/pace.ts";
import type { Walked } from "../forecast/walked.ts";
import type { RestRow } from "./plan-contact-rows.ts";
import { goesOn, isWalkable, readGateOf, readStanding, walkStanding } from "./standing.ts";

/**
 * What a contact is in the middle of: each execution with its wait, and what follows if nothing changes. The steps behind are walked
 * by the engine's own code on a clock of their own, as those of a forecast, on the contact as it is now.
 */
export async function planContact(context: EngineContext, { workspaceId, contactId, signal }: PlanContactInput): Promise<ContactPlan> {
  const whose = { workspaceId, contactIds: [contactId] };
  const { standing, now } = await readStanding(context, { ...whose, limit: planLimits.executions });
  const { facts, knownOf } = await readGateOf(context, whose);
  const items: PlannedExecution[] = [];
  // One for all of them, because one request asks for all of them.
  const pace = new Pace({ mostMs: mostWalkMs, signal });
  // Where it stands is read before it is walked, which moves it on.
  const told = standing
    .slice(0, planLimits.executions)
    .flatMap(({ rest, execution }) => (execution ? [{ rest, execution, place: placeOf(rest, execution) }] : []));
  const walked = new Map<string, Walked>();
  const walk = async (all: typeof told) => {
    const known = knownOf(contactId);
    const walks = await walkStanding(context, { workspaceId, all, facts, known, now, pace, mostSteps: planLimits.steps });
    for (const one of walks) walked.set(one.execution.id, one);
  };
  // When the rest of a send follows its few is not known, nor whether it does.
  const walkable = told.filter(({ rest, execution }) => isWalkable(execution, rest) && !isBehindFew(rest));
  await walk(walkable.filter(({ rest }) => goesOn(rest)));
  // What is a test, is paused or is about to be ended sends nothing that counts for the others.
  for (const one of walkable.filter(({ rest }) => !goesOn(rest))) await walk([one]);
  for (const { execution, place } of told) {
    const way = walked.get(execution.id);
    const unknown = { steps: [], hasMore: execution.flow.problem === undefined, end: null };
    items.push({ ...place, ...(way ? follows(way) : unknown) });
  }
  return { items, hasMore: standing.length > planLimits.executions };
}

/** Milliseconds of walking for all the flows of a contact. A usual one takes less than one. */
const mostWalkMs = 3_000;

const isBehindFew = ({ waiting_for }: RestRow) => waiting_for === "hold";

function placeOf(rest: RestRow, { flow, cursor }: ChunkExecution): Omit<PlannedExecution, "steps" | "hasMore" | "end"> {
  const node = flow.problem === undefined && cursor.nodeId !== null ? flow.nodes.get(cursor.nodeId) : undefined;
  const until = isBehindFew(rest) ? null : rest.until;
  return {
    executionId: rest.id,
    flowId: rest.flow_id,
    flowName: rest.flow_name,
    isTest: rest.is_test,
    isPaused: rest.is_paused,
    nodeId: cursor.nodeId,
    label: node ? (node.label ?? node.definition.label) : null,
    waitingFor: rest.waiting_for,
    since: rest.since?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
    wait:
      until === null || rest.waiting_for === null || rest.is_leaving
        ? null
        : { visit: rest.visit, attempt: rest.attempt, until: until.toISOString(), mayMove: isEndableByPerson(rest.waiting_for) },
  };
}

function follows({ steps, assumed, ending, now, isCut, execution: { flow } }: Walked) {
  const shown = steps.slice(0, planLimits.steps);
  const hasMore = steps.length > shown.length || isCut;
  return {
    steps: shown.map(({ nodeId, at, until, status, reason }) => {
      const node = flow.problem === undefined ? flow.nodes.get(nodeId) : undefined;
      return {
        nodeId,
        type: node?.type ?? "",
        label: node?.label ?? node?.definition.label ?? nodeId,
        at: new Date(at).toISOString(),
        until: until === null ? null : new Date(until).toISOString(),
        status,
        reason,
        assumed: assumed.get(nodeId) ?? null,
        channel: node?.definition.channel ?? null,
      };
    }),
    hasMore,
    end: ending && !hasMore ? { at: new Date(now).toISOString(), status: ending.status, reason: ending.reason } : null,
  };
}
