import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { readCalls } from "../effects/webhook-call-rows.ts";
import type { ChunkExecution, KnownMessage, StepRecord } from "../execution/chunk.ts";
import { type GivenUp, giveUpMessages } from "../execution/message-rows.ts";
import type { KnownMessageRow, KnownStepRow } from "../execution/read-rows.ts";
import { countVisits, readLeftovers, readOutputs, readReached, readWaiting } from "../execution/read-rows.ts";
import { readChildren } from "../execution/relative-rows.ts";
import { keepOutput } from "../execution/variables.ts";
import { readReplies } from "../inbound/reply-rows.ts";

/** Adds how often each node was visited. Only a flow with a loop needs it. */
export async function addVisits(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const looping = executions.filter(({ flow }) => flow.problem === undefined && flow.leadsBack);
  const begun = looping.filter(({ cursor: { visit } }) => visit > 0).map(({ id }) => id);
  const counts = Map.groupBy(begun.length === 0 ? [] : await countVisits(db, begun), ({ flow_execution_id }) => flow_execution_id);
  for (const execution of looping) {
    execution.memory.visitsOf = new Map(counts.get(execution.id)?.map(({ node_id, visits }) => [node_id, Number(visits)]));
  }
}

/** Adds the results of nodes with a data key, and by which exits they were left, up to the cursor. */
export async function addOutputs(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const keysOf = ({ flow }: ChunkExecution) => (flow.problem === undefined ? flow.keys : undefined);
  const begun = executions.filter((execution) => execution.cursor.visit > 0 && (keysOf(execution)?.size ?? 0) > 0);
  if (begun.length === 0) return;
  const nodeIds = [...new Set(begun.flatMap((execution) => [...(keysOf(execution)?.keys() ?? [])]))];
  const ids = begun.map(({ id }) => id);
  const given = Map.groupBy(await readOutputs(db, ids, nodeIds), ({ flow_execution_id }) => flow_execution_id);
  for (const execution of begun) {
    for (const { node_id, result, ...left } of given.get(execution.id) ?? []) {
      const node = execution.flow.problem === undefined ? execution.flow.nodes.get(node_id) : undefined;
      if (node) keepOutput(execution, node, result, left);
    }
  }
}

/** Whether an execution may be woken before its time. */
const isWokenEarly = ({ flow }: ChunkExecution) => flow.problem === undefined && (flow.watches || flow.longestStayMs !== undefined);

/** Adds the times of the wait, in flows where an execution may be woken before its time, or for `all`. */
export async function addWaiting(db: Db, executions: readonly ChunkExecution[], { all = false }: { all?: boolean } = {}): Promise<void> {
  const resting = executions.filter(
    (execution) => execution.cursor.resumed !== null && execution.flow.problem === undefined && (all || isWokenEarly(execution)),
  );
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

/** Adds when executions came to the message at which they wait, because it may have to leave within a time. */
export async function addReached(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const waiting = new Map(executions.flatMap((execution) => (waitsToLeave(execution) ? [[execution.id, execution]] : [])));
  if (waiting.size === 0) return;
  for (const { flow_execution_id, reached_at } of await readReached(db, [...waiting.keys()])) {
    const execution = waiting.get(flow_execution_id);
    if (execution) execution.cursor.reachedAt = reached_at;
  }
}

const waitsToLeave = ({ cursor: { resumed } }: ChunkExecution) => resumed === "window" || resumed === "pace" || resumed === "capacity";

/** Adds the calls for which executions waited, with their answers. */
export async function addCalls(db: Db, executions: readonly ChunkExecution[], clock: Clock): Promise<void> {
  const waiting = new Map(executions.flatMap((execution) => (execution.cursor.resumed === "call" ? [[execution.id, execution]] : [])));
  if (waiting.size === 0) return;
  for (const { flow_execution_id, call, leased } of await readCalls(db, [...waiting.keys()], clock)) {
    const execution = waiting.get(flow_execution_id);
    if (execution) execution.cursor.call = { ...call, answer: call.answer, leased };
  }
}

/** Adds what contacts have written, in flows that wait for it. An execution that has not begun has no reply. */
export async function addReplies(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const listening = new Map(
    executions.flatMap((execution) =>
      execution.flow.problem === undefined && execution.flow.awaitsReplies && execution.cursor.visit > 0 ? [[execution.id, execution]] : [],
    ),
  );
  if (listening.size === 0) return;
  const { replies, lastVisits } = await readReplies(db, [...listening.keys()]);
  for (const [id, rows] of Map.groupBy(replies, ({ flow_execution_id }) => flow_execution_id)) {
    const { memory } = listening.get(id) as ChunkExecution;
    memory.replies = rows.map((row) => ({ id: row.id, channel: row.channel, text: row.body ?? "", afterVisit: row.after_visit }));
  }
  for (const { flow_execution_id, last_visit } of lastVisits) {
    const { memory } = listening.get(flow_execution_id) as ChunkExecution;
    memory.lastMessageVisit = last_visit;
  }
}

/** Adds the children for which executions waited, with their status. */
export async function addChildren(db: Db, executions: readonly ChunkExecution[]): Promise<void> {
  const waiting = new Map(executions.flatMap((execution) => (execution.cursor.resumed === "child" ? [[execution.id, execution]] : [])));
  if (waiting.size === 0) return;
  for (const { parent_id, id, status, ended_reason } of await readChildren(db, [...waiting.keys()])) {
    const execution = waiting.get(parent_id);
    if (execution) execution.cursor.child = { executionId: id, status, reason: ended_reason };
  }
}

/** Whether the provider of a message may still tell whether it has it. */
export type MayLookUp = (execution: ChunkExecution, message: { channel: Channel; provider: string }) => Promise<boolean>;

/** Adds the steps and messages that earlier passes wrote, and gives up on messages whose lease has run out. */
export async function addLeftovers(
  db: Db,
  clock: Clock,
  executions: readonly ChunkExecution[],
  mayLookUp: MayLookUp = async () => false,
): Promise<void> {
  const { steps, messages } = await readLeftovers(
    db,
    executions.map(({ id }) => id),
    clock,
  );
  const byId = new Map(executions.map((execution) => [execution.id, execution]));
  const lost: { id: string; mayLookUp: boolean }[] = [];
  for (const message of messages.filter(({ status, leased }) => status === "sending" && !leased)) {
    const execution = byId.get(message.flow_execution_id);
    lost.push({ id: message.id, mayLookUp: execution !== undefined && (await mayLookUp(execution, message)) });
  }
  const givenUp = lost.length === 0 ? new Map<string, GivenUp>() : await giveUpMessages(db, lost, clock);
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

function toKnownMessage(row: KnownMessageRow, givenUp: ReadonlyMap<string, GivenUp>): KnownMessage {
  const given = givenUp.get(row.id);
  const givenUpAs = given?.status;
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
    doubtAt: given?.doubtAt ?? row.doubt_at,
    leased: row.leased,
  };
}
