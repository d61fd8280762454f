import type { Reason } from "#contract/reasons.ts";
import { reasons } from "#contract/reasons.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { HttpRequest, Outcome, Output } from "../flow/node-executor.ts";
import type { ChunkExecution, StepRecord } from "./chunk.ts";
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

/** Records the visit and moves the cursor over the exit that was taken; where it leads nowhere, the execution is over. */
export function leave(execution: ChunkExecution, node: ReadyNode, at: { visit: number; startedAt: number }, end: StepEnd): void {
  const { resumed } = execution;
  const attempt = end.attempt ?? (resumed ? execution.attempt : 1);
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
  if (resumed && attempt === execution.attempt) execution.closedStep = step;
  else execution.newSteps.push(step);
  if (end.status === "failed") note(execution, end.reason ?? "internal", end.errorMessage ?? null);
  keepOutput(execution, node, end.result);
  moveOn(execution, node, at.visit, end.exit, end.result);
}

export function failBy(
  execution: ChunkExecution,
  node: ReadyNode,
  at: { visit: number; startedAt: number },
  { exit, reason, message, output }: Omit<Extract<Outcome, { type: "fail" }>, "type">,
): void {
  leave(execution, node, at, { status: "failed", exit, reason, errorMessage: message, result: output });
  if (execution.ending) {
    execution.ending = { status: "failed", reason, errorMessage: message, result: { steps: at.visit, lastNode: node.id } };
  }
}

/** Moves the cursor over an exit; an exit that leads nowhere ends the execution. */
export function moveOn(execution: ChunkExecution, node: ReadyNode, visit: number, exit: string | null, output: Output | undefined): void {
  // A visit at which it waited was counted when it was read.
  if (execution.resumed === null) execution.visitsOf?.set(node.id, (execution.visitsOf.get(node.id) ?? 0) + 1);
  execution.visit = visit;
  execution.attempt = 1;
  execution.resumed = null;
  execution.call = undefined;
  execution.child = undefined;
  execution.pending = undefined;
  execution.drawnFrom = undefined;
  const target = exit === null ? undefined : node.targets.get(exit);
  if (target !== undefined) {
    execution.nodeId = target;
    return;
  }
  execution.nodeId = node.id;
  execution.ending = {
    status: execution.failedReason === null ? "completed" : "partial_failure",
    reason: execution.failedReason,
    errorMessage: execution.errorMessage,
    result: { steps: visit, lastNode: node.id, ...output },
  };
}

/** Puts the execution before a goal, wherever it stood. A message that waits for another try will have none. */
export function drawTo(execution: ChunkExecution, goalId: string): void {
  const { visit, resumed, nodeId } = execution;
  if (resumed && execution.knownMessages?.get(visit)?.status === "queued") execution.dropped.push({ visit, reason: "goal_reached" });
  Object.assign(execution, {
    nodeId: goalId,
    resumed: null,
    call: undefined,
    child: undefined,
    attempt: 1,
    drawnFrom: nodeId ?? undefined,
  });
}

/** Rests at this node; the same visit goes on when the time has come. */
export function rest(
  execution: ChunkExecution,
  node: ReadyNode,
  at: { visit: number; startedAt: number; attempt?: number },
  waiting: {
    until: Date;
    lookAt?: Date;
    for: "time" | "capacity" | "event" | "call" | "child";
    call?: HttpRequest;
    reason?: Reason;
    result?: Output;
    errorMessage?: string;
  },
): void {
  const attempt = at.attempt ?? (execution.resumed ? execution.attempt + 1 : 1);
  if (execution.resumed && !execution.closedStep) closeWaitingStep(execution, { status: "failed", reason: waiting.reason ?? null });
  execution.newSteps.push({
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
  execution.pending = undefined;
  execution.nodeId = node.id;
  execution.visit = at.visit;
  execution.attempt = attempt;
  execution.wait = { until: waiting.lookAt ?? waiting.until, for: waiting.for, call: waiting.call };
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
  execution.ending = { status: "failed", reason, errorMessage: message, result: { steps: at.visit, lastNode: node.id } };
}

/** Ends the execution where it stands, without a step: it did not come to a node. */
export function fail(execution: ChunkExecution, reason: Reason, message: string): void {
  if (execution.resumed) closeWaitingStep(execution, { status: "failed", reason });
  execution.ending = { status: "failed", reason, errorMessage: message, result: { steps: execution.visit, lastNode: execution.nodeId } };
}

/** Ends the execution before its next step, because a person wants it to end. */
export function cancel(execution: ChunkExecution, reason: Reason): void {
  if (execution.resumed) closeWaitingStep(execution, { status: "skipped", reason });
  execution.pending = undefined;
  execution.ending = { status: "cancelled", reason, errorMessage: null, result: { steps: execution.visit, lastNode: execution.nodeId } };
}

/** Closes the step at which the execution waited. */
export function closeWaitingStep(
  execution: ChunkExecution,
  how: { status: "completed" | "failed" | "skipped"; reason: Reason | null; result?: Output },
  more: Partial<Pick<StepRecord, "errorMessage" | "result">> = {},
): void {
  execution.closedStep = {
    visit: execution.visit,
    attempt: execution.attempt,
    nodeId: execution.nodeId ?? "",
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

/** The first thing that went wrong without stopping the flow; it makes the end a partial failure. */
export function note(execution: ChunkExecution, reason: Reason, message: string | null): void {
  execution.failedReason ??= reason;
  execution.errorMessage ??= message ?? reasons[reason].text;
}
