import type { RawBuilder, SqlBool } from "kysely";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { runFrom } from "../base/clock.ts";
import { readCalls } from "../effects/webhook-call-rows.ts";
import type { ChunkExecution, ChunkSend, KnownMessage, StepRecord } from "../execution/chunk.ts";
import type { ContactRow } from "../execution/contact-rows.ts";
import { toContact } from "../execution/contact-rows.ts";
import { type GivenUpAs, giveUpMessages } from "../execution/message-rows.ts";
import type { ExecutionRow, KnownMessageRow, KnownStepRow, SendRow } from "../execution/read-rows.ts";
import { countVisits, readExecutions, readLeftovers, readOutputs, readSends, readWaiting } from "../execution/read-rows.ts";
import { readChildren } from "../execution/relative-rows.ts";
import { keepOutput, readVariables } from "../execution/variables.ts";
import type { FlowCache } from "../flow/flow-cache.ts";

export interface LoadedChunk {
  executions: ChunkExecution[];
  /** The database's time now, in milliseconds since 1970; it is counted on from the read. */
  time: () => number;
}

/**
 * Reads a chunk as it is now. `withLeftovers` also reads what earlier passes wrote beyond the cursors before they were cut
 * off. A first pass goes without; if there was an earlier one, it meets a conflict and reads again.
 */
export async function loadChunk(
  context: { db: Db; clock: Clock; flows: FlowCache },
  which: RawBuilder<SqlBool>,
  options: { withLeftovers: boolean; sends?: LoadedSends },
): Promise<LoadedChunk> {
  const { db, clock } = context;
  const rows = await readExecutions(db, which, clock);
  const { sends, time } = options.sends ?? (await loadSends(db, [...new Set(rows.map(({ send_id }) => send_id))], clock));
  const active = rows.filter(({ send_id }) => mayMove(sends.get(send_id)));
  const flows = await context.flows.load(db, [...new Set(active.map(({ flow_version_id }) => flow_version_id))]);
  const beganAt = time();
  const executions = active.map((row) => {
    const flow = flows.get(row.flow_version_id) ?? { problem: "The flow version was deleted." };
    return toExecution(row, sends.get(row.send_id) as ChunkSend, flow, beganAt);
  });
  await addVisits(db, executions);
  await addOutputs(db, executions);
  await addWaiting(db, executions);
  await addCalls(db, executions, clock);
  await addChildren(db, executions);
  if (options.withLeftovers && executions.length > 0) await addLeftovers(db, clock, executions);
  return { executions, time };
}

export interface LoadedSends {
  sends: ReadonlyMap<string, ChunkSend>;
  /** The database's time, running on from the read. */
  time: () => number;
}

export async function loadSends(db: Db, ids: readonly string[], clock: Clock): Promise<LoadedSends> {
  const rows = ids.length === 0 ? [] : await readSends(db, ids, clock);
  const time = runFrom(rows[0]?.now ?? new Date());
  return { sends: new Map(rows.map((row) => [row.id, toSend(row)])), time };
}

/** Whether a send goes on: it is neither paused nor over. */
export const isActive = (send: ChunkSend) => send.state === "enrolling" || send.state === "running";

/** Executions of a paused send stay as they are. Those of a stopped send move to their end. */
const mayMove = (send: ChunkSend | undefined) => send !== undefined && send.state !== "paused";

/** Why the executions of a send in this state begin nothing new. */
const cancelReasons: Record<string, Reason> = { stopped: "send_stopped", undone: "undone" };

function toSend(row: SendRow): ChunkSend {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    state: row.state,
    isTest: row.is_test,
    lanes: row.lanes,
    chunkSize: row.chunk_size,
    expected: row.expected,
    enrolled: row.enrolled,
    enrolledAt: row.enrolled_at,
    trigger: toRecord(row.trigger) ?? {},
    traceparent: row.traceparent,
    workspace: { name: row.workspace_name, timeZone: row.workspace_zone, country: row.workspace_country },
    doubtRules: { email: row.email_in_doubt, sms: row.sms_in_doubt },
  };
}

const toRecord = (value: unknown) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined);

function toExecution(row: ExecutionRow, send: ChunkSend, flow: ChunkExecution["flow"], beganAt: number): ChunkExecution {
  return {
    id: row.id,
    send,
    flow,
    row: {
      seq: row.seq,
      flowVersionId: row.flow_version_id,
      contactId: row.contact_id,
      from: { visit: row.visit, attempt: row.attempt },
      startedAt: row.started_at,
      beganAt,
      wasWaiting: row.wake_at !== null,
      trigger: toRecord(row.trigger_data) ?? send.trigger,
      reach: { reached: row.reached, missed: row.missed ?? [] },
      retriedVisit: row.retried_visit,
      depth: row.depth,
      parentWaits: row.parent_waits,
    },
    cursor: {
      nodeId: row.current_node_id,
      visit: row.visit,
      attempt: row.attempt,
      resumed: row.waiting_for,
      waiting: undefined,
      child: undefined,
      call: undefined,
      drawnFrom: undefined,
    },
    memory: {
      contact: row.contact_id === null ? null : toContact(row as ContactRow),
      cancel: row.cancel_reason ?? cancelReasons[send.state] ?? null,
      visitsOf: undefined,
      knownSteps: undefined,
      knownMessages: undefined,
      variables: row.variables === null ? null : readVariables(row.variables),
      outputs: null,
      errorMessage: row.error_message,
      failedReason: row.ended_reason,
    },
    writes: {
      newSteps: [],
      closedStep: undefined,
      pending: undefined,
      dropped: [],
      wait: undefined,
      ending: undefined,
      tally: [],
      variablesChanged: false,
    },
    leftAlone: null,
  };
}

/** Adds how often each node was visited. Only a flow with a loop needs it. */
async function addVisits(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const looping = executions.filter(({ flow }) => flow.problem === undefined && flow.leadsBack);
  const begun = looping.filter(({ cursor: { visit } }) => visit > 0).map(({ id }) => id);
  const counts = Map.groupBy(begun.length === 0 ? [] : await countVisits(db, begun), ({ flow_execution_id }) => flow_execution_id);
  for (const execution of looping) {
    execution.memory.visitsOf = new Map(counts.get(execution.id)?.map(({ node_id, visits }) => [node_id, Number(visits)]));
  }
}

/** Adds the results of nodes with a data key, up to the cursor. */
async function addOutputs(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const keysOf = ({ flow }: ChunkExecution) => (flow.problem === undefined ? flow.keys : undefined);
  const begun = executions.filter((execution) => execution.cursor.visit > 0 && (keysOf(execution)?.size ?? 0) > 0);
  if (begun.length === 0) return;
  const nodeIds = [...new Set(begun.flatMap((execution) => [...(keysOf(execution)?.keys() ?? [])]))];
  const ids = begun.map(({ id }) => id);
  const given = Map.groupBy(await readOutputs(db, ids, nodeIds), ({ flow_execution_id }) => flow_execution_id);
  for (const execution of begun) {
    for (const { node_id, result } of given.get(execution.id) ?? []) {
      const node = execution.flow.problem === undefined ? execution.flow.nodes.get(node_id) : undefined;
      if (node) keepOutput(execution, node, result);
    }
  }
}

/** Adds the times of the wait, in flows where an execution may be woken before its time. */
async function addWaiting(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const resting = executions.filter(({ flow, cursor: { resumed } }) => resumed !== null && flow.problem === undefined && flow.watches);
  if (resting.length === 0) return;
  const rows = new Map(
    (
      await readWaiting(
        db,
        resting.map(({ id }) => id),
      )
    ).map((row) => [row.flow_execution_id, row]),
  );
  for (const execution of resting) {
    const row = rows.get(execution.id);
    if (row) execution.cursor.waiting = { since: row.started_at, until: row.wake_at };
  }
}

/** Adds the calls for which executions waited, with their answers. */
async function addCalls(db: Db, executions: readonly ChunkExecution[], clock: Clock): Promise<void> {
  const waiting = new Map(executions.flatMap((execution) => (execution.cursor.resumed === "call" ? [[execution.id, execution]] : [])));
  if (waiting.size === 0) return;
  for (const { flow_execution_id, call, leased } of await readCalls(db, [...waiting.keys()], clock)) {
    const execution = waiting.get(flow_execution_id);
    if (execution) execution.cursor.call = { ...call, answer: call.answer, leased };
  }
}

/** Adds the children for which executions waited, with their status. */
async function addChildren(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const waiting = new Map(executions.flatMap((execution) => (execution.cursor.resumed === "child" ? [[execution.id, execution]] : [])));
  if (waiting.size === 0) return;
  for (const { parent_id, id, status, ended_reason } of await readChildren(db, [...waiting.keys()])) {
    const execution = waiting.get(parent_id);
    if (execution) execution.cursor.child = { executionId: id, status, reason: ended_reason };
  }
}

/** Adds the steps and messages that earlier passes wrote, and gives up on messages whose lease has run out. */
async function addLeftovers(db: Db, clock: Clock, executions: readonly ChunkExecution[]): Promise<void> {
  const { steps, messages } = await readLeftovers(
    db,
    executions.map(({ id }) => id),
    clock,
  );
  const lost = messages.filter(({ status, leased }) => status === "sending" && !leased).map(({ id }) => id);
  const givenUp = lost.length === 0 ? new Map<string, GivenUpAs>() : await giveUpMessages(db, lost, clock);
  const stepsOf = Map.groupBy(steps, ({ flow_execution_id }) => flow_execution_id);
  const messagesOf = Map.groupBy(messages, ({ flow_execution_id }) => flow_execution_id);
  for (const execution of executions) {
    execution.memory.knownSteps = new Map(stepsOf.get(execution.id)?.map((row) => [row.visit, toStep(row)]));
    execution.memory.knownMessages = new Map(messagesOf.get(execution.id)?.map((row) => [row.visit, toKnownMessage(row, givenUp)]));
  }
}

function toStep(row: KnownStepRow): StepRecord {
  return {
    visit: row.visit,
    attempt: row.attempt,
    nodeId: row.node_id,
    nodeType: row.node_type,
    status: row.status,
    exit: row.exit,
    reason: row.reason,
    result: row.result,
    errorMessage: row.error_message,
    wakeAt: null,
    startedAt: 0,
    completedAt: null,
  };
}

function toKnownMessage(row: KnownMessageRow, givenUp: ReadonlyMap<string, GivenUpAs>): KnownMessage {
  const givenUpAs = givenUp.get(row.id);
  return {
    id: row.id,
    visit: row.visit,
    nodeId: row.node_id,
    channel: row.channel,
    provider: row.provider,
    status: givenUpAs ?? row.status,
    reason: givenUpAs ? "outcome_unknown" : row.reason,
    errorMessage: row.error_message,
    attempt: row.attempt,
    providerMessageId: row.provider_message_id,
    leased: row.leased,
  };
}
