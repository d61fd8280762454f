import type { WaitingFor } from "#contract/executions.ts";
import { reasons } from "#contract/reasons.ts";
import { WorkLimitExceeded } from "#contract/work-budget.ts";
import { named } from "../base/hold-watch.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { Child, Outcome, Output } from "../flow/node-executor.ts";
import { NonRetriableError, RetryAfterError } from "../flow/node-executor.ts";
import type { ChunkExecution, StepRecord } from "./chunk.ts";
import { leavesByRule } from "./exit-rule.ts";
import { findGoal } from "./goals.ts";
import { hasStayedTooLong } from "./longest-stay.ts";
import { tallyMessage } from "./message-tally.ts";
import { buildContext } from "./node-context.ts";
import {
  cancel,
  closeWaitingStep,
  drawTo,
  endWaitingStep,
  fail,
  failBy,
  failStep,
  leave,
  moveOn,
  note,
  noteSent,
  passesWait,
  rest,
} from "./transitions.ts";
import { keepOutput, setVariables, variablesOf } from "./variables.ts";

/** The most an execution may walk. Flows are checked for loops when they are saved; this catches versions that were not. */
export const runLimits = { steps: 1000, visitsPerNode: 100 } as const;

/**
 * Moves an execution, in memory, through every node that has no effect outside: until it is about to have one (`pending`),
 * rests (`wait`), or is over (`ending`). Steps that an earlier pass wrote are followed, not taken again: a condition
 * that was answered before a crash stays answered that way, however the contact has changed since.
 */
export function walk(execution: ChunkExecution, time: () => number): void {
  // A pass over hundreds of executions must not keep the process from everything else.
  if (execution.work.pass.isSpent) {
    execution.leftAlone = "later";
    return;
  }
  named(execution.id, () => walkOn(execution, time));
}

function walkOn(execution: ChunkExecution, time: () => number): void {
  if (!prepare(execution)) return;
  while (!execution.writes.pending && !execution.writes.wait && !execution.writes.ending && !execution.leftAlone)
    visitNode(execution, time);
}

/** Whether there is anything to walk: a contact and a flow that can be read. */
function prepare(execution: ChunkExecution): boolean {
  const { cursor, memory, writes, row } = execution;
  if (row.contactId === null || !memory.contact) {
    if (cursor.resumed) endWaitingStep(execution, { status: "skipped", reason: "contact_deleted" });
    writes.ending = { status: "cancelled", reason: "contact_deleted", errorMessage: null, result: null };
    return false;
  }
  if (memory.cancel !== null && !hasUnrecorded(execution)) {
    cancel(execution, memory.cancel);
    return false;
  }
  if (execution.flow.problem !== undefined) {
    fail(execution, "internal", execution.flow.problem);
    return false;
  }
  cursor.nodeId ??= execution.flow.entry;
  return true;
}

function visitNode(execution: ChunkExecution, time: () => number): void {
  const { flow, cursor, memory, writes, row } = execution;
  const { nodeId } = cursor;
  if (flow.problem !== undefined || nodeId === null) throw new Error("An execution is walked without a flow or a node");
  const waited = cursor.resumed;
  const visit = waited ? cursor.visit : cursor.visit + 1;
  const known = memory.knownSteps?.get(visit);
  // If an earlier pass jumped to a goal, the known step belongs to another node.
  const node = flow.nodes.get(known?.nodeId ?? nodeId);
  if (!node) {
    fail(execution, "internal", flow.brokenNodes.get(nodeId) ?? `The step "${nodeId}" is not in this version of the flow.`);
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
  const { call } = cursor;
  if (call?.leased) {
    // The call is under way. The worker that makes it writes the answer.
    execution.leftAlone = "nothing_to_write";
    return;
  }
  // A call that was answered is recorded before the execution ends.
  if (memory.cancel !== null && !call?.answer && !hasMessageFrom(execution, visit, waited !== null)) {
    cancel(execution, memory.cancel);
    return;
  }
  if (
    execution.awaitsMove &&
    waited !== "child" &&
    cursor.drawnFrom === undefined &&
    !call?.answer &&
    !hasMessageFrom(execution, visit, waited !== null)
  ) {
    // What it was doing when it was to be moved is done, and the next step belongs to the other version.
    execution.leftAlone = hasGoneOn(execution) ? "later" : "taken";
    return;
  }
  const startedAt = time();
  if (hasStayedTooLong(execution, startedAt) && !call?.answer && !hasMessageFrom(execution, visit, waited !== null)) {
    cancel(execution, "stay_over");
    return;
  }
  const mayBeDrawn = flow.goalsAhead.size > 0 && cursor.drawnFrom === undefined;
  if ((flow.leavesIf || mayBeDrawn) && !call?.answer && !hasMessageFrom(execution, visit, waited !== null)) {
    if (leavesByRule(execution, startedAt)) {
      cancel(execution, "exit_rule");
      return;
    }
    const goal = mayBeDrawn ? findGoal(execution, startedAt) : undefined;
    if (execution.work.isSpent) {
      failStep(execution, node, { visit, startedAt }, "work_limit", new WorkLimitExceeded().message);
      return;
    }
    if (goal) {
      if (waited) endWaitingStep(execution, { status: "skipped", reason: "goal_reached", result: { goal: goal.id } });
      drawTo(execution, goal.id);
      return;
    }
  }
  if (waited && mayEndByPerson(execution, visit, waited)) {
    endByPerson(execution, node, { visit, startedAt });
    return;
  }
  if (waited === "time" && row.byPerson.movedVisit === visit) {
    if (cursor.waiting && cursor.waiting.until.getTime() > startedAt) writes.wait = { until: cursor.waiting.until, for: waited };
    else leave(execution, node, { visit, startedAt }, { status: "completed", exit: node.exits[0] ?? null });
    return;
  }
  if (
    waited &&
    waited !== "pace" &&
    !watchesContact(node) &&
    cursor.waiting &&
    cursor.waiting.until.getTime() > startedAt &&
    !isOver(cursor.child)
  ) {
    // It was woken because the contact changed, but no goal is reached, so it goes on waiting.
    writes.wait = { until: waitOn(cursor.waiting.until, waited, startedAt), for: waited, call: call?.request };
    return;
  }
  if (call && !call.answer) {
    // The call was lost or never begun. It is made after this pass, with the same key.
    execution.leftAlone = "nothing_to_write";
    return;
  }
  if (node.passedBy !== undefined) {
    leave(execution, node, { visit, startedAt }, { status: "skipped", exit: node.passedBy, reason: "step_off" });
    return;
  }
  const outcome = run(node, execution, startedAt);
  apply(execution, node, outcome, { visit, startedAt });
}

const hasGoneOn = ({ cursor, row, writes }: ChunkExecution) => cursor.visit > row.from.visit || writes.closedStep !== undefined;
const isOver = (child: Child | undefined) => child !== undefined && child.status !== "pending" && child.status !== "running";

/** The child may end between our read and our write without waking us, so we look again after this. */
const lookAgainMs = 60_000;
const waitOn = (until: Date, waited: WaitingFor, now: number) =>
  waited === "child" ? new Date(Math.min(until.getTime(), now + lookAgainMs)) : until;

/**
 * Whether a message may have left from this visit or a later one, which an earlier pass reached. Then the execution is not
 * ended here: sending the message again finds out what became of it. A `queued` message at the visit at which the execution
 * waits to try again has not left.
 */
function hasMessageFrom({ memory: { knownMessages } }: ChunkExecution, visit: number, waited: boolean): boolean {
  return [...(knownMessages?.values() ?? [])].some(
    (message) => message.visit > visit || (message.visit === visit && (!waited || message.status !== "queued")),
  );
}

/**
 * Whether a message or a call of it may have left and is not in the history yet. An execution that is to end is walked as far as that;
 * any other ends where it stands, whatever an earlier pass has done beyond it, as those do that nobody holds (end-rows.ts).
 */
const hasUnrecorded = (execution: ChunkExecution): boolean => {
  const { visit, resumed, call } = execution.cursor;
  return call?.leased === true || call?.answer !== undefined || hasMessageFrom(execution, resumed ? visit : visit + 1, resumed !== null);
};

/** Whether a person has ended this wait. Where a message may have left from it, that is found out first. */
const mayEndByPerson = (execution: ChunkExecution, visit: number, waited: WaitingFor): boolean =>
  (execution.row.byPerson.skippedVisit === visit || passesWait(execution.send, waited)) &&
  waited !== "call" &&
  waited !== "child" &&
  !hasMessageFrom(execution, visit, true);

/** The step is skipped, and the execution goes the way that it would go if the time were over. A message that waited here does not leave. */
function endByPerson(execution: ChunkExecution, node: ReadyNode, at: { visit: number; startedAt: number }): void {
  const { cursor, memory, writes } = execution;
  const reason = "skipped_by_person";
  if (memory.knownMessages?.get(at.visit)?.status === "queued") writes.dropped.push({ visit: at.visit, reason });
  if (cursor.waiting) cursor.waiting = { ...cursor.waiting, until: new Date(at.startedAt) };
  const atItsEnd = run(node, execution, at.startedAt);
  const exit = !(atItsEnd instanceof Error) && atItsEnd.type === "next" ? (atItsEnd.exit ?? node.exits[0] ?? null) : skippedExit(node);
  leave(execution, node, at, { status: "skipped", exit, reason });
}

/** Asks the node. An error that it throws concerns this execution alone. */
function run(node: ReadyNode, execution: ChunkExecution, now: number): Outcome | Error {
  const {
    memory: { contact },
  } = execution;
  if (!contact) throw new Error("An execution is walked without a contact");
  try {
    return node.execute(buildContext(execution, node, contact.fields, now));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function apply(execution: ChunkExecution, node: ReadyNode, outcome: Outcome | Error, at: { visit: number; startedAt: number }): void {
  const { cursor, memory, writes } = execution;
  if (outcome instanceof Error) {
    // A node does nothing outside, so waiting helps only where the node says so itself.
    if (outcome instanceof RetryAfterError) rest(execution, node, at, { until: outcome.at, for: "capacity", reason: outcome.reason });
    else failStep(execution, node, at, reasonOf(outcome), outcome.message);
    return;
  }
  switch (outcome.type) {
    case "send":
      // A second try of the same visit is a step of its own. The first one, which waited, is closed as failed and keeps its reason; one
      // that only waited for the hours of the place or for its sender did not fail.
      if (cursor.resumed) {
        const waitedInVain = cursor.resumed !== "window" && cursor.resumed !== "pace";
        closeWaitingStep(execution, { status: waitedInVain ? "failed" : "completed", reason: null });
      }
      writes.pending = {
        kind: "message",
        draft: outcome.draft,
        reachedAt: (cursor.resumed ? cursor.reachedAt?.getTime() : undefined) ?? at.startedAt,
        ...toEffect(execution, node, outcome, at),
      };
      return;
    case "change":
      writes.pending = { kind: "change", decide: outcome.decide, ...toEffect(execution, node, outcome, at) };
      return;
    case "wait":
      restAt(execution, node, outcome, at);
      return;
    case "next":
      if (outcome.usesReply !== undefined) spendReply(execution, outcome.usesReply);
      if (outcome.variables && !setVariables(execution, outcome.variables)) {
        failStep(execution, node, at, "variables_too_large", reasons.variables_too_large.text);
        return;
      }
      leave(execution, node, at, {
        status: "completed",
        exit: outcome.exit ?? node.exits[0] ?? null,
        result: resultOf(outcome),
      });
      return;
    case "skip":
      leave(execution, node, at, { status: "skipped", exit: skippedExit(node), reason: outcome.reason, result: outcome.output });
      return;
    case "end":
      leave(execution, node, at, { status: "completed", exit: null, result: outcome.output });
      return;
    case "start":
      writes.pending = { kind: "start", start: outcome.start, ...toEffect(execution, node, { onError: "stop" }, at) };
      return;
    case "leave":
      writes.pending = { kind: "leave", flowIds: outcome.flowIds, ...toEffect(execution, node, { onError: "stop" }, at) };
      return;
    case "call":
      // A test leaves no trace outside.
      if (execution.send.isTest) leave(execution, node, at, { status: "completed", exit: node.exits[0] ?? null, result: rehearsed });
      else rest(execution, node, at, { until: new Date(at.startedAt), for: "call", call: outcome.request });
      return;
    case "call_again": {
      const { until, reason, message, output } = outcome;
      if (memory.cancel !== null) cancel(execution, memory.cancel);
      else {
        closeWaitingStep(execution, { status: "failed", reason }, { errorMessage: message, result: output ?? null });
        rest(execution, node, at, { until, for: "call", call: cursor.call?.request });
      }
      return;
    }
    case "fail":
      failBy(execution, node, at, outcome);
  }
}

const resultOf = ({ output, variables, usesReply }: Extract<Outcome, { type: "next" }>): Output | undefined =>
  variables || usesReply !== undefined
    ? { ...output, ...(variables && { variables }), ...(usesReply !== undefined && { replyId: usesReply }) }
    : output;

const spendReply = ({ memory }: ChunkExecution, replyId: unknown): void => {
  memory.replies = memory.replies.filter(({ id }) => id !== replyId);
};

const reasonOf = (error: Error) =>
  error instanceof NonRetriableError || error instanceof WorkLimitExceeded ? error.reason : ("internal" as const);

function restAt(
  execution: ChunkExecution,
  node: ReadyNode,
  { until, output, watch }: Extract<Outcome, { type: "wait" }>,
  at: { visit: number; startedAt: number },
): void {
  const { cursor, writes } = execution;
  const waitingFor = watch?.for ?? "time";
  const lookAt = new Date(Math.min(until.getTime(), watch?.lookAgainAt?.getTime() ?? Number.POSITIVE_INFINITY));
  // A wait that watches the contact goes on in the same step, however often the node is asked, unless its end was moved.
  if (watch && cursor.resumed === waitingFor && (!cursor.waiting || cursor.waiting.until.getTime() === until.getTime())) {
    writes.wait = { until: lookAt, for: waitingFor, watches: true };
    return;
  }
  // It waited and is to wait longer: the wait so far is closed, and the next one is an attempt of its own.
  if (cursor.resumed) closeWaitingStep(execution, { status: "completed", reason: null });
  rest(execution, node, at, { until, lookAt, for: waitingFor, watches: watch !== undefined, result: output });
}

/** Whether the node decides itself what a change of the contact means for its wait. */
const watchesContact = ({ definition, config }: ReadyNode): boolean => definition.watchesContact?.(config) === true;

const rehearsed: Output = { rehearsed: true };
const toEffect = (
  execution: ChunkExecution,
  node: ReadyNode,
  { onError }: { onError: "stop" | "continue" },
  { visit, startedAt }: { visit: number; startedAt: number },
) => ({ node, onError, visit, attempt: execution.cursor.resumed ? execution.cursor.attempt + 1 : 1, startedAt });

/** Goes the way that an earlier pass went, and takes over the variables and the output of its step. */
function follow(execution: ChunkExecution, node: ReadyNode, known: StepRecord): void {
  const { memory, writes } = execution;
  tallyMessage(execution, node, known);
  if (known.reason === "goal_reached" && typeof known.result?.goal === "string") {
    drawTo(execution, known.result.goal);
    return;
  }
  const set = variablesOf(known.result);
  if (set) setVariables(execution, set);
  keepOutput(execution, node, known.result, known);
  noteSent(execution, node, known);
  if (known.result?.replyId !== undefined) spendReply(execution, known.result.replyId);
  if (known.status === "failed") note(execution, known.reason ?? "internal", known.errorMessage);
  // The step was taken because its message has no other try, but the pass may have died before it closed the message.
  const { reason, visit } = known;
  if (memory.knownMessages?.get(visit)?.status === "queued") writes.dropped.push({ visit, reason: reason ?? "internal" });
  moveOn(execution, node, visit, known.exit, undefined);
}

function isOverLimit(execution: ChunkExecution, nodeId: string, visit: number): boolean {
  return visit > runLimits.steps || (execution.memory.visitsOf?.get(nodeId) ?? 0) >= runLimits.visitsPerNode;
}

const skippedExit = (node: ReadyNode) => (node.exits.includes("skipped") ? "skipped" : (node.exits[0] ?? null));
