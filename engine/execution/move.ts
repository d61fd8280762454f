import type { ReadyNode } from "../flow/flow-graph.ts";
import { notBegun } from "../flow/judge-places.ts";
import type { Moves } from "../flow/moves.ts";
import { nextMove } from "../flow/moves.ts";
import type { ChunkExecution } from "./chunk.ts";
import { leavesByRule } from "./exit-rule.ts";
import { findGoal } from "./goals.ts";
import { buildContext } from "./node-context.ts";
import { endWaitingStep } from "./transitions.ts";

/** People whose time has come by a move do not all go on in one second: a number that many answer is called back by many. */
export const spreadSeconds = 600;

/**
 * Moves an execution, in memory, by the rules of every publication that it has not followed, one after the other. It stands
 * still: nothing of it is in flight. Afterwards `writes.moved` says what became of it; undefined where no publication
 * concerned its version.
 *
 * @returns whether it leaves the flow
 */
export function followMoves(execution: ChunkExecution, moves: Moves): "moved" | "leaves" | "stays" {
  const { row, cursor, writes } = execution;
  let versionId = row.flowVersionId;
  let { seenPublication } = row;
  const watched = execution.flow.problem === undefined && execution.flow.watches;
  const records: NonNullable<typeof writes.moved>["records"] = [];
  for (let move = nextMove(moves, versionId, seenPublication); move; move = nextMove(moves, versionId, seenPublication)) {
    seenPublication = move.seq;
    const rule = move.rules.get(cursor.nodeId ?? notBegun);
    if (!rule || move.toFlow.problem !== undefined) continue;
    const toNodeId = rule.action === "node" ? rule.toNodeId : rule.action === "leave" ? null : cursor.nodeId;
    records.push({ move, action: rule.action, fromVersionId: versionId, fromNodeId: cursor.nodeId, toNodeId });
    if (rule.action === "leave") break;
    if (rule.action === "node") goTo(execution, rule.toNodeId);
    versionId = move.toVersionId;
    execution.flow = move.toFlow;
  }
  if (seenPublication !== row.seenPublication) writes.moved = { versionId, seenPublication, records, rest: undefined, watched };
  const last = records.at(-1);
  return !last ? "stays" : last.action === "leave" ? "leaves" : "moved";
}

/** It goes on at another node. A message that waits there for another try will have none. */
function goTo(execution: ChunkExecution, nodeId: string): void {
  const { cursor, writes } = execution;
  if (cursor.resumed) {
    // The step at which it rested belongs to the version that it rested in, which is still its flow here.
    endWaitingStep(execution, { status: "skipped", reason: "moved_by_publish" });
    writes.dropped.push({ visit: cursor.visit, reason: "moved_by_publish" });
  }
  // A new attempt, so that whoever has read it where it stood before writes nothing.
  Object.assign(cursor, { nodeId, resumed: null, call: undefined, child: undefined, waiting: undefined, attempt: cursor.attempt + 1 });
}

/**
 * Finds when an execution that was moved goes on. One that rests at the same node rests as the new version says, counted
 * from the moment at which its rest began; where that is over, it goes on now, or within `spreadMs` of it.
 */
export function findWakeUp(execution: ChunkExecution, now: number, spreadMs: number): void {
  const { flow, row, cursor, writes } = execution;
  const soon = now + spreadOf(execution.id, spreadMs);
  if (row.wakeAt === null || flow.problem !== undefined) return;
  if (cursor.resumed === null) {
    // One that has not begun begins when it was to begin.
    writes.wait = { until: writes.closedStep ? new Date(soon) : row.wakeAt, for: null };
    return;
  }
  const node = cursor.nodeId === null ? undefined : flow.nodes.get(cursor.nodeId);
  // A try that failed is repeated when it was to be repeated, and what was called is called again as it was.
  if (!node || (cursor.resumed !== "time" && cursor.resumed !== "event" && cursor.resumed !== "reply") || !cursor.waiting) {
    writes.wait = { until: row.wakeAt, for: cursor.resumed, call: cursor.call?.request };
    return;
  }
  // A time that is over is over for many at once. What somebody waits for until it is so is judged of each at once.
  restAnew(execution, node, { now, soon: cursor.resumed === "time" ? soon : now, since: cursor.waiting.since });
  const isDrawn = flow.goalsAhead.size > 0 && findGoal(execution, now) !== undefined;
  if (isDrawn || leavesByRule(execution, now)) Object.assign(writes.wait ?? {}, { until: new Date(now) });
}

function restAnew(execution: ChunkExecution, node: ReadyNode, { now, soon, since }: { now: number; soon: number; since: Date }): void {
  const { cursor, writes } = execution;
  const isOff = node.passedBy !== undefined;
  const outcome = isOff ? undefined : judgeRest(execution, node, node.definition.restsFromNow ? now : since.getTime());
  if (outcome?.type === "wait") {
    const until = outcome.until.getTime();
    const lookAt = Math.min(until, outcome.watch?.lookAgainAt?.getTime() ?? Number.POSITIVE_INFINITY);
    const due = lookAt > now ? lookAt : soon;
    writes.wait = { until: new Date(due), for: outcome.watch?.for ?? "time", watches: outcome.watch !== undefined };
    if (writes.moved) writes.moved.rest = { until: outcome.until, result: outcome.output };
    return;
  }
  // It need not rest any longer. The node is asked once more when it goes on, and says by which exit.
  writes.wait = { until: new Date(soon), for: cursor.resumed ?? "time", watches: node.definition.watchesContact?.(node.config) === true };
  if (writes.moved) writes.moved.rest = { until: new Date(soon), result: undefined };
}

/** What the node would have said if the execution had come to it at this moment. Undefined where it cannot say. */
function judgeRest(execution: ChunkExecution, node: ReadyNode, at: number) {
  const { contact } = execution.memory;
  if (!contact) return undefined;
  try {
    return node.execute({ ...buildContext(execution, node, contact.fields, at), waited: false, waiting: undefined });
  } catch {
    // It fails when it is asked again, with the reason.
    return undefined;
  }
}

/** Milliseconds within the spread, the same for an execution however often it is asked. */
const spreadOf = (executionId: string, spreadMs: number) => Math.floor((Number.parseInt(executionId.slice(-8), 16) / 2 ** 32) * spreadMs);
