import type { Selection } from "#contract/contacts.ts";
import type { FrozenLaunch } from "#contract/judge-launch.ts";
import { isStorableJson } from "#contract/storable.ts";
import { narrowsNothing, plainNarrowing } from "#contract/who-not.ts";
import type { Tx } from "#db/client.ts";
import { countLivingWorkers } from "#db/queries/turn-limit.ts";
import { breakPoint } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { insertCanary } from "../enrollment/canary-rows.ts";
import { enroll } from "../enrollment/enroll.ts";
import { countSelection } from "../enrollment/enroll-page-rows.ts";
import type { OpenSend } from "../enrollment/enrolling-send-rows.ts";
import { refuseUnaskable } from "../enrollment/narrowing-rows.ts";
import { pageFor } from "../enrollment/page-size.ts";
import { addLanes } from "../enrollment/send-lane-rows.ts";
import { freezeByRules, type StartedVersions } from "../enrollment/started-flows.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import { freezeLaunch, launchHash } from "../flow/freeze-launch.ts";
import { checkGraph, freezeVersion, liveHash } from "../flow/freeze-version.ts";
import { openFlow } from "../flow/open-flow.ts";
import { ruleOf } from "../flow/rule-of.ts";
import type { FlowRow, FrozenVersion } from "../flow/version-rows.ts";
import { questionHash } from "../forecast/question-hash.ts";
import { enrollJob, isSmall, turnJobs } from "../jobs/jobs.ts";
import type { Ring } from "../jobs/ring.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { divideSend, enrolledAtOnce } from "../jobs/work-sizes.ts";
import { refusePassedStart, refuseTooLate } from "../messages/refuse-too-late.ts";
import type { CreatedSend, CreateSendInput } from "../send-api.ts";
import { askForApproval, whoAsks } from "./ask-approval.ts";
import { insertSend, readEnrolled, readStoredSend } from "./create-send-rows.ts";

const longestTriggerData = 64 * 1024;

/**
 * Makes a send of a selection, in one transaction: what is answered is durable, and a refusal changes nothing. However
 * large the selection, the request writes one send; a large one is enrolled by jobs.
 */
export async function createSend(context: EngineContext, input: CreateSendInput): Promise<CreatedSend> {
  checkTriggerData(input.triggerData);
  refuseUnaskable(input);
  return context.tracer.span("create send", () => accept(context, input));
}

async function accept(context: EngineContext, input: CreateSendInput): Promise<CreatedSend> {
  const created = await transactThenRing(context, async (tx, ring) => {
    const earlier = input.sendId === undefined ? undefined : await findSend(tx, input.sendId, input);
    return earlier ?? (await makeSend(context, { tx, ring }, input));
  });
  await breakPoint("send-created");
  return created;
}

async function makeSend(context: EngineContext, { tx, ring }: { tx: Tx; ring: Ring }, input: CreateSendInput): Promise<CreatedSend> {
  const flow = await readFlowToSend(tx, input);
  const graph = input.graph ?? { nodes: flow.nodes, edges: flow.edges };
  checkGraph(graph, context.nodes, { flowId: flow.id, by: "person" });
  const version = await freezeVersion(tx, { ...flow, workspaceId: input.workspaceId }, graph, input.launchedBy);

  const selection = distinct(input.selection);
  const matched = await countSelection(tx, input.workspaceId, selection);
  const selected = selection.type === "ids" ? selection.ids.length : matched;
  if (matched === 0) {
    throw nothingChosen(selection);
  }
  const ready = (await context.flows.load(tx, [version.id])).get(version.id);
  const ids = selection.type === "ids" ? selection.ids : undefined;
  const launch = freezeLaunch(ready, { ...input, ids }, input);
  const mayBeNamed = selection.type === "ids" && selected <= enrolledAtOnce;
  const rule = ruleOf(mayBeNamed ? ready : undefined);
  const atOnce = pageFor(rule, input, enrolledAtOnce);
  const isNamed = mayBeNamed && selected <= atOnce;
  // They are kept nowhere but with the executions, which are made before the answer.
  if (launch.own.size > 0 && !isNamed) {
    throw new EngineRefusal(
      "values_invalid",
      `This send asks so much of each contact that only ${atOnce} at a time can have values of their own. Choose fewer, or ask less.`,
    );
  }
  const asker = await whoAsks(context, tx, input, selected);
  // What an approved send starts is held with its approval.
  const startedFlows =
    asker || input.isTest ? undefined : await freezeByRules(context, tx, { workspaceId: input.workspaceId, from: ready });
  const { lastPublication } = flow;
  const workers = isSmall({ expected: selected }) ? 1 : await countLivingWorkers(tx);
  const division = divideSend(context.workSizes, { expected: selected, workers });
  const send = await openSend(context, tx, input, {
    version,
    lastPublication,
    selection,
    selected,
    launch,
    hasMessages: sends(ready),
    ...division,
    waits: asker !== undefined,
    startedFlows,
    hasOwnGraph: input.graph !== undefined && liveHash({ ...graph, settings: flow.settings }) !== liveHash(flow),
  });
  // Another request with the same id was faster, and this insert waited for its commit.
  if (!send) return (await findSend(tx, input.sendId as string, input)) as CreatedSend;

  if (asker) {
    const { workspaceId } = input;
    const flowHash = input.graph ? null : liveHash(flow);
    await askForApproval(context, tx, { workspaceId, sendId: send.id, asker, contacts: matched, flowHash, own: launch.own });
    return { sendId: send.id, created: true, awaitsApproval: true, executionId: null, skipped: [] };
  }
  await addLanes(tx, send.id, { first: 0, count: isNamed ? send.lanes : 1 }, context.clock);
  if (!isNamed) {
    await context.driver.wake(tx, [enrollJob(send, { after: null, done: 0 })]);
    return { sendId: send.id, created: true, awaitsApproval: false, executionId: null, skipped: [] };
  }
  // The limit is one more than there can be, so that the first page is known to be the last.
  const { enrolled } = await enroll(context, tx, send, { after: null, limit: enrolledAtOnce + 1, rule, done: 0 });
  if (enrolled > 0 && !send.startsLater) ring(turnJobs(send.workspaceId, { quick: isSmall(send), turns: send.lanes }));
  return { sendId: send.id, created: true, awaitsApproval: false, ...(await readEnrolled(tx, send.id, enrolled)) };
}

/** Whether a flow has a step that sends a message. */
const sends = (flow: ReadyFlow | undefined): boolean =>
  flow !== undefined && "nodes" in flow && [...flow.nodes.values()].some(({ definition }) => definition.channel !== undefined);

/** The refusal of a selection that means nobody. */
export const nothingChosen = (selection: Selection): EngineRefusal =>
  selection.type === "ids" && selection.ids.length === 1
    ? new EngineRefusal("contact_not_found", "This contact does not exist in this workspace.")
    : new EngineRefusal("nothing_selected", "No contact matches this selection now.");

/** Finds the send of this id. The flow may have been edited since, which does not make it another send. @throws EngineRefusal send_mismatch */
async function findSend(tx: Tx, sendId: string, input: CreateSendInput): Promise<CreatedSend | undefined> {
  const send = await readStoredSend(tx, sendId, {
    selection: distinct(input.selection),
    narrowing: plainNarrowing(input),
    launchHash: launchHash(input),
    asked: input.asked,
  });
  if (!send) return undefined;
  if (send.workspace_id !== input.workspaceId || send.flow_id !== input.flowId || send.is_test !== input.isTest || !send.has_selection) {
    throw new EngineRefusal(
      "send_mismatch",
      "A send with this id was made before, for another flow or with other contacts, values, times or settings. You find it under Sends. Use a new id for another send.",
    );
  }
  const awaitsApproval = send.state === "awaiting_approval";
  return { sendId, created: false, awaitsApproval, ...(await readEnrolled(tx, sendId, send.enrolled)) };
}

async function readFlowToSend(tx: Tx, input: CreateSendInput): Promise<FlowRow> {
  const flow = await openFlow(tx, input);
  if (flow instanceof EngineRefusal) throw flow;
  return flow;
}

async function openSend(
  { clock, tracer }: EngineContext,
  tx: Tx,
  input: CreateSendInput,
  send: {
    version: FrozenVersion;
    lastPublication: number;
    selection: Selection;
    selected: number;
    launch: FrozenLaunch;
    /** Whether the flow has a step that sends. */
    hasMessages: boolean;
    chunkSize: number;
    lanes: number;
    /** An approval is asked for. */
    waits: boolean;
    /** Held with the send. */
    startedFlows: StartedVersions | undefined;
    /** It brought a graph that is not the flow's. */
    hasOwnGraph: boolean;
  },
): Promise<(OpenSend & { startsLater: boolean }) | undefined> {
  const { workspaceId, flowId, source, isTest, start, forecastId } = input;
  // A test is for looking at messages, so nobody waits until others have got theirs.
  const canary = isTest ? undefined : input.canary;
  const metadata = {
    ...(isTest && { isTest: true }),
    ...(input.launchedByName && { launchedBy: input.launchedByName }),
    ...(input.launchedFrom && { launchedFrom: input.launchedFrom }),
    flowVersion: send.version.number,
  };
  const traceparent = tracer.traceparent();
  const hash = launchHash(input);
  const row = await insertSend(
    tx,
    {
      id: input.sendId,
      workspaceId,
      flowId,
      flowVersionId: send.version.id,
      source,
      selection: send.selection,
      options: {
        metadata,
        ...(narrowsNothing(input) ? {} : { narrowing: plainNarrowing(input) }),
        ...(input.triggerData && { triggerData: input.triggerData }),
        ...(Object.keys(send.launch.all).length > 0 && { given: send.launch.all }),
        ...(send.launch.own.size > 0 && { givenApart: send.launch.own.size }),
        ...(hash !== undefined && { launchHash: hash }),
        ...(input.asked !== undefined && { asked: input.asked }),
        ...(traceparent && { traceparent }),
        ...(isTest && input.skipWaits && { skipWaits: true }),
        ...(send.hasOwnGraph && { ownGraph: true }),
        ...(send.startedFlows && { startedFlows: send.startedFlows }),
      },
      isTest,
      launchedBy: input.launchedBy,
      launchedByName: input.launchedByName,
      launchedFrom: input.launchedFrom ?? null,
      chunkSize: send.chunkSize,
      lanes: send.lanes,
      expected: send.selected,
      start,
      drip: input.drip,
      notLaterThan: input.notLaterThan,
      state: send.waits ? "awaiting_approval" : "enrolling",
      // A send that waits can be withdrawn, and once it was approved somebody has looked.
      undoSeconds: send.waits ? 0 : (input.undoSeconds ?? 0),
      oncePerAddress: input.oncePerAddress ?? true,
      lastPublication: send.lastPublication,
      savedLaunchId: input.savedLaunchId,
      forecast: forecastId === undefined ? undefined : { id: forecastId, questionHash: questionHash(input) },
    },
    clock,
  );
  if (row) {
    // The rest begins when the few were watched; a send that only these could get is refused as well.
    const moments = { notLaterThan: row.not_later_than, startAt: row.start_at, now: row.made_at };
    refuseTooLate({ ...moments, watchedMinutes: canary?.minutes });
    refusePassedStart(start, moments);
    if (canary) await insertCanary(tx, { ...canary, sendId: row.id, workspaceId, hasMessages: send.hasMessages });
  }
  return (
    row && {
      id: row.id,
      workspaceId,
      flowId,
      flowVersionId: send.version.id,
      source,
      isTest,
      selection: send.selection,
      createdAt: row.created_at,
      metadata,
      lanes: send.lanes,
      chunkSize: send.chunkSize,
      refusal: null,
      narrowing: plainNarrowing(input),
      own: send.launch.own,
      contactClock: start?.zone === "contact" ? { at: start.at, notBefore: row.undo_until } : null,
      startsLater: row.starts_later,
      hasCanary: canary !== undefined,
      expected: send.selected,
      enrolled: 0,
      notEnrolled: 0,
    }
  );
}

/** Brings a selection into one form: a contact that is named twice is one contact, and the order of ids does not matter. */
function distinct(selection: Selection): Selection {
  return selection.type === "ids" ? { type: "ids", ids: [...new Set(selection.ids.map((id) => id.toLowerCase()))].sort() } : selection;
}

/** @throws EngineRefusal invalid_request */
export function checkTriggerData(data: Record<string, unknown> | undefined): void {
  if (data === undefined) return;
  const json = JSON.stringify(data);
  if (json.length > longestTriggerData) {
    throw new EngineRefusal("invalid_request", `triggerData is larger than ${longestTriggerData / 1024} KiB. Send less of it.`);
  }
  // jsonb cannot hold a NUL character or half of a surrogate pair; the statement would fail.
  if (!isStorableJson(json)) {
    throw new EngineRefusal("invalid_request", "triggerData holds a character that cannot be stored. Remove it.");
  }
}
