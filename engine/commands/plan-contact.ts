import { type ContactPlan, isEndableByPerson, type PlannedExecution, planLimits } from "#contract/contact-plan.ts";
import { channels } from "#contract/messages.ts";
import { PassWork } from "#contract/work-budget.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { PlanContactInput } from "../by-hand-api.ts";
import { readSpelling } from "../effects/decide-change.ts";
import type { EngineContext } from "../engine-context.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import { ofIds, readExecutions } from "../execution/read-rows.ts";
import { ruleOf } from "../flow/rule-of.ts";
import type { ForecastFacts } from "../forecast/facts.ts";
import { Pace } from "../forecast/pace.ts";
import { namesOfProviders } from "../forecast/provider-names.ts";
import { asReader } from "../forecast/reader-rows.ts";
import type { Stage } from "../forecast/stage.ts";
import { walkEach } from "../forecast/walk-together.ts";
import { type KnownOfContact, passCall, startWalk, type Walked } from "../forecast/walked.ts";
import { findConsented } from "../messages/consented-rows.ts";
import { readCountedMessages } from "../messages/contact-cap-rows.ts";
import { readGateFacts } from "../messages/gate.ts";
import { readWroteLately } from "../messages/wrote-lately-rows.ts";
import { addOutputs, addReached, addReplies, addVisits, addWaiting } from "../pass/load-memory.ts";
import { loadSends, toExecution } from "../pass/read-chunk.ts";
import { type RestRow, readOnly, readRests } from "./plan-contact-rows.ts";

/**
 * What a contact is in the middle of: each execution with its wait, and what follows if nothing changes. The steps behind are walked
 * by the engine's own code on a clock of their own, as those of a forecast, on the contact as it is now.
 */
export async function planContact(context: EngineContext, { workspaceId, contactId, signal }: PlanContactInput): Promise<ContactPlan> {
  const { clock } = context;
  const { rests, standing, now } = await readOnly(context.db, async (tx) => {
    const all = await readRests(tx, { workspaceId, contactId, limit: planLimits.executions + 1 }, clock);
    const rows = await readExecutions(tx, ofIds(all.slice(0, planLimits.executions).map(({ id }) => id)), clock, { asleep: true });
    const { sends, time } = await loadSends(tx, [...new Set(rows.map(({ send_id }) => send_id))], clock);
    const flows = await context.flows.load(tx, [...new Set(rows.map(({ flow_version_id }) => flow_version_id))]);
    const executions = rows.flatMap((row) => {
      const send = sends.get(row.send_id);
      const flow = flows.get(row.flow_version_id) ?? { problem: "The flow version was deleted." };
      return send ? [toExecution(row, send, { flow, beganAt: time(), work: new PassWork() })] : [];
    });
    await addVisits(tx, executions);
    await addOutputs(tx, executions);
    await addWaiting(tx, executions);
    await addReached(tx, executions);
    await addReplies(tx, executions);
    return { rests: all, standing: new Map(executions.map((execution) => [execution.id, execution])), now: time() };
  });
  const providers = await namesOfProviders(context, workspaceId);
  const { facts, known } = await asReader(context.db, workspaceId, async (tx) => {
    const { whole, had } = await readCountedMessages(tx, { workspaceId, contactIds: [contactId], days: 7 }, clock);
    const consented = await findConsented(tx, { workspaceId, channel: "sms", contactIds: [contactId] });
    const gate = await readGateFacts(tx, { workspaceId, channels });
    const shared: ForecastFacts = {
      gate,
      providers,
      links: context.links,
      spellStatus: await readSpelling(tx, workspaceId),
      cap: whole,
      book: undefined,
      limits: undefined,
      keepsTexts: false,
    };
    const wrote = await readWroteLately(tx, { workspaceId, channel: "sms", contactIds: [contactId] }, clock);
    const known = { had: had.get(contactId) ?? [], hasConsented: consented.has(contactId), wroteAt: wrote.get(contactId), lastSenders: [] };
    return { facts: shared, known };
  });
  const items: PlannedExecution[] = [];
  // One for all of them, because one request asks for all of them.
  const pace = new Pace({ mostMs: mostWalkMs, signal });
  for (const rest of rests.slice(0, planLimits.executions)) {
    const execution = standing.get(rest.id);
    if (execution) items.push(await plan(context, { rest, execution, facts, known, now, pace }));
  }
  return { items, hasMore: rests.length > planLimits.executions };
}

interface Standing {
  rest: RestRow;
  execution: ChunkExecution;
  facts: ForecastFacts;
  known: KnownOfContact;
  now: number;
  pace: Pace;
}

/** Milliseconds of walking for all the flows of a contact. A usual one takes less than one. */
const mostWalkMs = 3_000;

async function plan(context: EngineContext, { rest, execution, facts, known, now, pace }: Standing): Promise<PlannedExecution> {
  const { flow, send, cursor } = execution;
  const node = flow.problem === undefined && cursor.nodeId !== null ? flow.nodes.get(cursor.nodeId) : undefined;
  const { until } = rest;
  const standing = {
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
  // What follows another flow is known when that has ended.
  if (flow.problem !== undefined || rest.waiting_for === "child")
    return { ...standing, steps: [], hasMore: flow.problem === undefined, end: null };

  const walked = startWalk(execution, Math.max(now, until?.getTime() ?? now), known);
  if (rest.waiting_for === "call") passCall(walked);
  const stage: Stage = {
    context,
    audience: {
      workspaceId: send.workspaceId,
      flowId: send.flowId,
      selection: { type: "ids", ids: [] },
      rule: ruleOf(undefined),
      contactClock: null,
      narrowing: {},
      readsConsents: false,
    },
    send,
    flow,
    own: new Map(),
    facts,
    sink: { refused: () => {}, walked: () => {} },
    pace,
    pools: [],
    mostSteps: planLimits.steps,
    needsConsent: true,
    nextStart: () => now,
  };
  const walks = walkEach(stage);
  try {
    await walks.walk(walked);
    await walks.finish();
  } catch (error) {
    if (!(error instanceof EngineRefusal) || error.code !== "forecast_too_large") throw error;
    // What was found so far is told. The flow goes on, and how is not known.
    walked.isCut = true;
  }
  return { ...standing, ...follows(walked, flow) };
}

function follows({ steps, assumed, ending, now, isCut }: Walked, flow: Extract<ChunkExecution["flow"], { problem?: undefined }>) {
  const shown = steps.slice(0, planLimits.steps);
  const hasMore = steps.length > shown.length || isCut;
  return {
    steps: shown.map(({ nodeId, at, until, status, reason }) => {
      const node = flow.nodes.get(nodeId);
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
