import { isEndableByPerson } from "#contract/contact-plan.ts";
import type { WaitingFor } from "#contract/executions.ts";
import type { Reason } from "#contract/reasons.ts";
import { reasons } from "#contract/reasons.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { HttpRequest, Outcome, Output } from "../flow/node-executor.ts";
import type { ChunkExecution, ChunkSend, StepRecord } from "./chunk.ts";
import { tallyMessage } from "./message-tally.ts";
import { keepOutput } from "./variables.ts";

/** How a visit to a node ended. */
export interface StepEnd {
  status: "completed" | "skipped" | "failed";
  exit: string | null;
  reason?: Reason | null;
  result?: Output;
  errorMessage?: string | null;
  attempt?: number;
  completedAt?: number;
}

/** Records the visit and moves the cursor over the exit that was taken. */
export function leave(execution: ChunkExecution, node: ReadyNode, at: { visit: number; startedAt: number }, end: StepEnd): void {
  const { cursor, writes } = execution;
  const { resumed } = cursor;
  const attempt = end.attempt ?? (resumed ? cursor.attempt : 1);
  const step: StepRecord = {
    visit: at.visit,
    attempt,
    nodeId: node.id,
    nodeType: node.type,
    status: end.status,
    exit: end.exit,
    reason: end.reason ?? null,
    result: end.result ?? null,
    errorMessage: end.errorMessage ?? null,
    wakeAt: null,
    startedAt: at.startedAt,
    completedAt: end.completedAt ?? at.startedAt,
  };
  if (resumed && attempt === cursor.attempt) writes.closedStep = step;
  else writes.newSteps.push(step);
  tallyMessage(execution, node, step);
  if (end.status === "failed") note(execution, end.reason ?? "internal", end.errorMessage ?? null);
  keepOutput(execution, node, end.result, end);
  noteSent(execution, node, step);
  moveOn(execution, node, at.visit, end.exit, end.result);
}

/** What the contact wrote before a message left is no reply to it. */
export function noteSent(
  { memory }: ChunkExecution,
  { definition }: ReadyNode,
  { status, visit }: Pick<StepRecord, "status" | "visit">,
): void {
  if (definition.channel !== undefined && status === "completed") memory.lastMessageVisit = Math.max(memory.lastMessageVisit, visit);
}

/** The step fails, and the flow goes on by the exit for failures. Where that exit leads nowhere, the execution has failed. */
export function failBy(
  execution: ChunkExecution,
  node: ReadyNode,
  at: { visit: number; startedAt: number },
  { exit, reason, message, output }: Omit<Extract<Outcome, { type: "fail" }>, "type">,
): void {
  leave(execution, node, at, { status: "failed", exit, reason, errorMessage: message, result: output });
  if (execution.writes.ending) {
    execution.writes.ending = { status: "failed", reason, errorMessage: message, result: { steps: at.visit, lastNode: node.id } };
  }
}

/** Moves the cursor over an exit; an exit that leads nowhere ends the execution. */
export function moveOn(execution: ChunkExecution, node: ReadyNode, visit: number, exit: string | null, output: Output | undefined): void {
  const { cursor, memory, writes } = execution;
  // A visit at which it waited was counted when it was read.
  if (cursor.resumed === null) memory.visitsOf?.set(node.id, (memory.visitsOf.get(node.id) ?? 0) + 1);
  cursor.visit = visit;
  cursor.attempt = 1;
  cursor.resumed = null;
  cursor.call = undefined;
  cursor.child = undefined;
  writes.pending = undefined;
  cursor.drawnFrom = undefined;
  const target = exit === null ? undefined : node.targets.get(exit);
  if (target !== undefined) {
    cursor.nodeId = target;
    return;
  }
  cursor.nodeId = node.id;
  writes.ending = {
    status: memory.failedReason === null ? "completed" : "partial_failure",
    reason: memory.failedReason,
    errorMessage: memory.errorMessage,
    result: { steps: visit, lastNode: node.id, ...output },
  };
}

/** Moves the cursor to a goal, wherever it stood. A message that waits there for another try will have none. */
export function drawTo(execution: ChunkExecution, goalId: string): void {
  const { cursor, memory, writes } = execution;
  const { visit, resumed, nodeId } = cursor;
  if (resumed && memory.knownMessages?.get(visit)?.status === "queued") writes.dropped.push({ visit, reason: "goal_reached" });
  Object.assign(cursor, {
    nodeId: goalId,
    resumed: null,
    call: undefined,
    child: undefined,
    attempt: 1,
    drawnFrom: nodeId ?? undefined,
  });
}

/** Whether a test goes on at once where it would wait for this. What somebody else answers, it waits for all the same. */
export const passesWait = ({ skipsWaits }: Pick<ChunkSend, "skipsWaits">, waitsFor: WaitingFor): boolean =>
  skipsWaits && isEndableByPerson(waitsFor);

/** Puts the execution to rest at this node. The same visit goes on when the time has come. */
export function rest(
  execution: ChunkExecution,
  node: ReadyNode,
  at: { visit: number; startedAt: number; attempt?: number },
  waiting: {
    until: Date;
    lookAt?: Date;
    for: "time" | "window" | "pace" | "capacity" | "event" | "reply" | "call" | "child";
    watches?: boolean;
    call?: HttpRequest;
    reason?: Reason;
    result?: Output;
    errorMessage?: string;
  },
): void {
  const { cursor, writes } = execution;
  const attempt = at.attempt ?? (cursor.resumed ? cursor.attempt + 1 : 1);
  if (cursor.resumed && !writes.closedStep) closeWaitingStep(execution, { status: "failed", reason: waiting.reason ?? null });
  writes.newSteps.push({
    visit: at.visit,
    attempt,
    nodeId: node.id,
    nodeType: node.type,
    status: "waiting",
    exit: null,
    reason: waiting.reason ?? null,
    result: waiting.result ?? null,
    errorMessage: waiting.errorMessage ?? null,
    wakeAt: waiting.until,
    startedAt: at.startedAt,
    completedAt: null,
  });
  writes.pending = undefined;
  cursor.nodeId = node.id;
  cursor.visit = at.visit;
  cursor.attempt = attempt;
  const until = passesWait(execution.send, waiting.for) ? new Date(at.startedAt) : (waiting.lookAt ?? waiting.until);
  writes.wait = { until, for: waiting.for, watches: waiting.watches, call: waiting.call };
}

/** The step fails, and the execution with it. */
export function failStep(
  execution: ChunkExecution,
  node: ReadyNode,
  at: { visit: number; startedAt: number },
  reason: Reason,
  message: string,
): void {
  leave(execution, node, at, { status: "failed", exit: null, reason, errorMessage: message });
  execution.writes.ending = { status: "failed", reason, errorMessage: message, result: { steps: at.visit, lastNode: node.id } };
}

/** Fails the execution where it stands, without a step, because it could not come to a node. */
export function fail(execution: ChunkExecution, reason: Reason, message: string): void {
  const { cursor, writes } = execution;
  if (cursor.resumed) endWaitingStep(execution, { status: "failed", reason });
  writes.ending = { status: "failed", reason, errorMessage: message, result: { steps: cursor.visit, lastNode: cursor.nodeId } };
}

/** Cancels the execution before its next step. */
export function cancel(execution: ChunkExecution, reason: Reason): void {
  const { cursor, writes } = execution;
  if (cursor.resumed) endWaitingStep(execution, { status: "skipped", reason });
  writes.pending = undefined;
  writes.ending = { status: "cancelled", reason, errorMessage: null, result: { steps: cursor.visit, lastNode: cursor.nodeId } };
}

/** Closes the step at which the execution waited. The execution does not come back to it. */
export function endWaitingStep(execution: ChunkExecution, how: { status: "failed" | "skipped"; reason: Reason; result?: Output }): void {
  const { flow, cursor } = execution;
  closeWaitingStep(execution, how);
  if (flow.problem === undefined && cursor.nodeId !== null)
    tallyMessage(execution, flow.nodes.get(cursor.nodeId), { result: null, ...how });
}

/** Closes the step at which the execution waited. */
export function closeWaitingStep(
  execution: ChunkExecution,
  how: { status: "completed" | "failed" | "skipped"; reason: Reason | null; result?: Output },
  more: Partial<Pick<StepRecord, "errorMessage" | "result">> = {},
): void {
  execution.writes.closedStep = {
    visit: execution.cursor.visit,
    attempt: execution.cursor.attempt,
    nodeId: execution.cursor.nodeId ?? "",
    nodeType: "",
    status: how.status,
    exit: null,
    reason: how.reason,
    result: how.result ?? null,
    errorMessage: null,
    wakeAt: null,
    startedAt: 0,
    completedAt: null,
    ...more,
  };
}

/** Keeps the first failure that did not stop the flow. It makes the end a partial failure. */
export function note(execution: ChunkExecution, reason: Reason, message: string | null): void {
  execution.memory.failedReason ??= reason;
  execution.memory.errorMessage ??= message ?? reasons[reason].text;
}
