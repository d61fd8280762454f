import type { WaitingFor } from "#contract/executions.ts";
import type { Reason } from "#contract/reasons.ts";
import { reasons } from "#contract/reasons.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { Child, HttpRequest, Outcome, Output } from "../flow/node-executor.ts";
import { NonRetriableError, RetryAfterError } from "../flow/node-executor.ts";
import type { ChunkExecution, StepRecord } from "./chunk.ts";
import { findGoal } from "./goals.ts";
import { buildContext } from "./node-context.ts";
import { keepOutput, setVariables, variablesOf } from "./variables.ts";

/** What a flow may cost an execution: the net below the check of cycles, for versions that never saw that check. */
export const runLimits = { steps: 1000, visitsPerNode: 100 } as const;

/**
 * Moves an execution, in memory, through every node that has no effect outside: until it is about to have one (`pending`),
 * rests (`wait`), or is over (`ending`). Steps that an earlier pass wrote are followed, not taken again: if a condition
 * was answered before a crash, it stays answered that way, whatever has become of the contact since.
 */
export function walk(execution: ChunkExecution, time: () => number): void {
  if (!prepare(execution)) return;
  while (!execution.pending && !execution.wait && !execution.ending && !execution.leftAlone) visitNode(execution, time);
}

/** Whether there is anything to walk: a contact and a flow that can be read. */
function prepare(execution: ChunkExecution): boolean {
  if (execution.contactId === null || !execution.contact) {
    if (execution.resumed) closeWaitingStep(execution, { status: "skipped", reason: "contact_deleted" });
    execution.ending = { status: "cancelled", reason: "contact_deleted", errorMessage: null, result: null };
    return false;
  }
  if (execution.flow.problem !== undefined) {
    fail(execution, "internal", execution.flow.problem);
    return false;
  }
  execution.nodeId ??= execution.flow.entry;
  return true;
}

function visitNode(execution: ChunkExecution, time: () => number): void {
  const { flow, nodeId } = execution;
  if (flow.problem !== undefined || nodeId === null) throw new Error("An execution is walked without a flow or a node");
  const waited = execution.resumed;
  const visit = waited ? execution.visit : execution.visit + 1;
  const known = execution.knownSteps?.get(visit);
  // Where an earlier pass was drawn to a goal, the step that is known is of another node.
  const node = flow.nodes.get(known?.nodeId ?? nodeId);
  if (!node) {
    fail(execution, "internal", flow.brokenNodes.get(nodeId) ?? `The node "${nodeId}" is not in this version of the flow.`);
    return;
  }
  if (!waited && isOverLimit(execution, node.id, visit)) {
    fail(execution, "node_limit", reasons.node_limit.text);
    return;
  }
  if (known) {
    follow(execution, node, known);
    return;
  }
  const { call } = execution;
  if (call?.leased) {
    // Under way: whoever makes it writes the answer.
    execution.leftAlone = "settled";
    return;
  }
  // What was called was called, and what came of it is recorded before anything ends.
  if (execution.cancel !== null && !call?.answer && !hasMessageFrom(execution, visit, waited !== null)) {
    cancel(execution, execution.cancel);
    return;
  }
  const startedAt = time();
  if (
    flow.goalsAhead.size > 0 &&
    execution.drawnFrom === undefined &&
    !call?.answer &&
    !hasMessageFrom(execution, visit, waited !== null)
  ) {
    const goal = findGoal(execution, startedAt);
    if (goal) {
      if (waited) closeWaitingStep(execution, { status: "skipped", reason: "goal_reached", result: { goal: goal.id } });
      drawTo(execution, goal.id);
      return;
    }
  }
  if (waited && waited !== "event" && execution.waiting && execution.waiting.until.getTime() > startedAt && !isOver(execution.child)) {
    // Woken because the contact changed, and nothing came of it.
    execution.wait = { until: waitOn(execution.waiting.until, waited, startedAt), for: waited, call: call?.request };
    return;
  }
  if (call && !call.answer) {
    // Lost, or not begun: it is made after this pass, with the same key.
    execution.leftAlone = "settled";
    return;
  }
  const outcome = run(node, execution, startedAt);
  apply(execution, node, outcome, { visit, startedAt });
}

const isOver = (child: Child | undefined) => child !== undefined && child.status !== "pending" && child.status !== "running";

/** The end of another flow may come between our look and our write, and would not be heard of: it is looked for again soon. */
const lookAgainMs = 60_000;
const waitOn = (until: Date, waited: WaitingFor, now: number) =>
  waited === "child" ? new Date(Math.min(until.getTime(), now + lookAgainMs)) : until;

/**
 * A message may have left from here, or further on the way that an earlier pass took: whoever sends finds out and ends it
 * then. One that the execution waits to try again has not; if it is not `queued` any more, the next try has begun.
 */
function hasMessageFrom({ knownMessages }: ChunkExecution, visit: number, waited: boolean): boolean {
  return [...(knownMessages?.values() ?? [])].some(
    (message) => message.visit > visit || (message.visit === visit && (!waited || message.status !== "queued")),
  );
}

/** Asks the node. Whatever it throws concerns this execution alone. */
function run(node: ReadyNode, execution: ChunkExecution, now: number): Outcome | Error {
  const { contact } = execution;
  if (!contact) throw new Error("An execution is walked without a contact");
  try {
    return node.execute(buildContext(execution, node, contact.fields, now));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function apply(execution: ChunkExecution, node: ReadyNode, outcome: Outcome | Error, at: { visit: number; startedAt: number }): void {
  if (outcome instanceof Error) {
    // Nothing of a node happens outside, so there is nothing that waiting could mend but what it says itself.
    if (outcome instanceof RetryAfterError) rest(execution, node, at, { until: outcome.at, for: "capacity", reason: outcome.reason });
    else failStep(execution, node, at, outcome instanceof NonRetriableError ? outcome.reason : "internal", outcome.message);
    return;
  }
  switch (outcome.type) {
    case "send":
      // A second try of the same visit is a step of its own; the first one, which waited, is closed as failed, for its own reason.
      if (execution.resumed) closeWaitingStep(execution, { status: "failed", reason: null });
      execution.pending = { kind: "message", draft: outcome.draft, ...toEffect(execution, node, outcome, at) };
      return;
    case "change":
      execution.pending = { kind: "change", decide: outcome.decide, ...toEffect(execution, node, outcome, at) };
      return;
    case "wait":
      if (outcome.watch) {
        const lookAt = Math.min(outcome.until.getTime(), outcome.watch.lookAgainAt?.getTime() ?? Number.POSITIVE_INFINITY);
        // It goes on waiting in the same step, however often it is asked.
        if (execution.resumed === "event") execution.wait = { until: new Date(lookAt), for: "event" };
        else rest(execution, node, at, { until: outcome.until, lookAt: new Date(lookAt), for: "event", result: outcome.output });
        return;
      }
      // It waited and is to wait longer: what was waited so far is over, and the next piece is an attempt of its own.
      if (execution.resumed) closeWaitingStep(execution, { status: "completed", reason: null });
      rest(execution, node, at, { until: outcome.until, for: "time", result: outcome.output });
      return;
    case "next":
      if (outcome.variables && !setVariables(execution, outcome.variables)) {
        failStep(execution, node, at, "variables_too_large", reasons.variables_too_large.text);
        return;
      }
      leave(execution, node, at, {
        status: "completed",
        exit: outcome.exit ?? node.exits[0] ?? null,
        result: outcome.variables ? { ...outcome.output, variables: outcome.variables } : outcome.output,
      });
      return;
    case "skip":
      leave(execution, node, at, { status: "skipped", exit: skippedExit(node), reason: outcome.reason, result: outcome.output });
      return;
    case "end":
      leave(execution, node, at, { status: "completed", exit: null, result: outcome.output });
      return;
    case "start":
      execution.pending = { kind: "start", start: outcome.start, ...toEffect(execution, node, { onError: "stop" }, at) };
      return;
    case "leave":
      execution.pending = { kind: "leave", flowIds: outcome.flowIds, ...toEffect(execution, node, { onError: "stop" }, at) };
      return;
    case "call":
      // A test leaves no trace outside.
      if (execution.send.isTest) leave(execution, node, at, { status: "completed", exit: node.exits[0] ?? null, result: rehearsed });
      else rest(execution, node, at, { until: new Date(at.startedAt), for: "call", call: outcome.request });
      return;
    case "call_again": {
      const { until, reason, message, output } = outcome;
      if (execution.cancel !== null) cancel(execution, execution.cancel);
      else {
        closeWaitingStep(execution, { status: "failed", reason }, { errorMessage: message, result: output ?? null });
        rest(execution, node, at, { until, for: "call", call: execution.call?.request });
      }
      return;
    }
    case "fail":
      failBy(execution, node, at, outcome);
  }
}

const rehearsed: Output = { rehearsed: true };

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

const toEffect = (
  execution: ChunkExecution,
  node: ReadyNode,
  { onError }: { onError: "stop" | "continue" },
  { visit, startedAt }: { visit: number; startedAt: number },
) => ({ node, onError, visit, attempt: execution.resumed ? execution.attempt + 1 : 1, startedAt });

export interface Left {
  status: "completed" | "skipped" | "failed";
  exit: string | null;
  reason?: Reason | null;
  result?: Output;
  errorMessage?: string | null;
  attempt?: number;
  completedAt?: number;
}

/** Records the visit and moves the cursor over the exit that was taken; where it leads nowhere, the execution is over. */
export function leave(execution: ChunkExecution, node: ReadyNode, at: { visit: number; startedAt: number }, left: Left): void {
  const { resumed } = execution;
  const attempt = left.attempt ?? (resumed ? execution.attempt : 1);
  const step: StepRecord = {
    visit: at.visit,
    attempt,
    nodeId: node.id,
    nodeType: node.type,
    status: left.status,
    exit: left.exit,
    reason: left.reason ?? null,
    result: left.result ?? null,
    errorMessage: left.errorMessage ?? null,
    wakeAt: null,
    startedAt: at.startedAt,
    completedAt: left.completedAt ?? at.startedAt,
  };
  if (resumed && attempt === execution.attempt) execution.closedStep = step;
  else execution.newSteps.push(step);
  if (left.status === "failed") note(execution, left.reason ?? "internal", left.errorMessage ?? null);
  keepOutput(execution, node, left.result);
  moveOn(execution, node, at.visit, left.exit, left.result);
}

/** Puts the execution before a goal, wherever it stood. A message that waits for another try will have none. */
function drawTo(execution: ChunkExecution, goalId: string): void {
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

/** Goes the way that was gone before, and takes up again what the step had given. */
function follow(execution: ChunkExecution, node: ReadyNode, known: StepRecord): void {
  if (known.reason === "goal_reached" && typeof known.result?.goal === "string") {
    drawTo(execution, known.result.goal);
    return;
  }
  const set = variablesOf(known.result);
  if (set) setVariables(execution, set);
  keepOutput(execution, node, known.result);
  if (known.status === "failed") note(execution, known.reason ?? "internal", known.errorMessage);
  // Whoever took the step knew that its message has no other try, and may have died before that was written.
  const { reason, visit } = known;
  if (execution.knownMessages?.get(visit)?.status === "queued") execution.dropped.push({ visit, reason: reason ?? "internal" });
  moveOn(execution, node, visit, known.exit, undefined);
}

function moveOn(execution: ChunkExecution, node: ReadyNode, visit: number, exit: string | null, output: Output | undefined): void {
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

function failStep(
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

function closeWaitingStep(
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
function note(execution: ChunkExecution, reason: Reason, message: string | null): void {
  execution.failedReason ??= reason;
  execution.errorMessage ??= message ?? reasons[reason].text;
}

function isOverLimit(execution: ChunkExecution, nodeId: string, visit: number): boolean {
  return visit > runLimits.steps || (execution.visitsOf?.get(nodeId) ?? 0) >= runLimits.visitsPerNode;
}

const skippedExit = (node: ReadyNode) => (node.exits.includes("skipped") ? "skipped" : (node.exits[0] ?? null));
