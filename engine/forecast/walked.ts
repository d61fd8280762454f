import type { StepStatus } from "#contract/executions.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import { WorkBudget } from "#contract/work-budget.ts";
import type { ChunkExecution, Ending, StepRecord } from "../execution/chunk.ts";
import { wakeAtEndOfStay } from "../execution/longest-stay.ts";
import { leave } from "../execution/transitions.ts";
import { walk } from "../execution/walk.ts";
import type { Composed } from "../messages/compose-message.ts";
import type { Consented } from "../messages/consented-rows.ts";
import type { CountedMessage } from "../messages/contact-cap-rows.ts";

/** One try of a visit to a node, as the history will show it. */
export interface PlannedStep {
  nodeId: string;
  visit: number;
  attempt: number;
  status: StepStatus;
  exit: string | null;
  reason: Reason | null;
  at: number;
  /** Until when it rests here. */
  until: number | null;
}

export interface PlannedMessage {
  nodeId: string;
  visit: number;
  channel: Channel;
  at: number;
  to: string;
  segments: number | null;
  /** Null where nobody reads it. */
  message: Composed | null;
}

/** What a forecast takes for granted where it cannot know. */
export type Assumption = "nobody_acts" | "webhook_succeeds" | "other_flow_starts";

/** An execution that is walked on a clock of its own and never written. */
export interface Walked {
  execution: ChunkExecution;
  /** The moment at which it stands, in milliseconds since 1970. */
  now: number;
  steps: PlannedStep[];
  messages: PlannedMessage[];
  /** The length of their texts together. */
  characters: number;
  /** The messages that the contact got and that count towards its limits. */
  had: CountedMessage[];
  /** The sender of a pool with which it last exchanged a message, by channel. */
  lastSenders: Map<Channel, string>;
  /** The numbers for which a consent to marketing SMS stands. They are only known where one is needed. */
  consented: Consented;
  /** When the contact last wrote an SMS, in milliseconds since 1970, if that is lately. */
  wroteAt: number | undefined;
  /** What was assumed, with the node. */
  assumed: Map<string, Assumption>;
  /** The step at which it rests. */
  resting: StepRecord | undefined;
  /** How often it was woken at this step to look again. */
  looks: number;
  wakes: number;
  ending: Ending | undefined;
  /** The walk was given up before its end. */
  isCut: boolean;
}

/** A wait that looks at the contact again and again is looked at so often, and then at its end. */
const mostLooks = 100;
/** A contact that rests more often than this is not followed any further. */
const mostWakes = 1_000;
/** A message that no hour allows waits until somebody enters the zone of the contact, so its walk ends there. */
const noHour = "no_sending_hours" satisfies Reason;

/** What the gate asks of a contact beside its row. */
export type KnownOfContact = Pick<Walked, "consented" | "wroteAt"> & {
  had: readonly CountedMessage[];
  lastSenders: readonly (readonly [Channel, string])[];
};

export const startWalk = (execution: ChunkExecution, begins: number, { had, consented, wroteAt, lastSenders }: KnownOfContact): Walked => ({
  execution,
  now: begins,
  steps: [],
  messages: [],
  characters: 0,
  had: [...had],
  lastSenders: new Map(lastSenders),
  consented,
  wroteAt,
  assumed: new Map(),
  resting: undefined,
  looks: 0,
  wakes: 0,
  ending: undefined,
  isCut: false,
});

/** Walks to the next effect, the next rest or the end. */
export function walkOn(walked: Walked): "effect" | "rests" | "over" {
  const { execution } = walked;
  const { writes } = execution;
  walk(execution, () => walked.now);
  if (writes.pending) return "effect";
  keepSteps(walked);
  if (writes.wait) {
    wakeAtEndOfStay(execution);
    return "rests";
  }
  walked.ending = writes.ending;
  walked.isCut = writes.ending === undefined;
  return "over";
}

/** Moves the clock of an execution to when it goes on, and readies it as a pass that reads it then would. */
export function wake(walked: Walked): "goes_on" | "cut" {
  const { execution } = walked;
  const { writes, cursor, flow } = execution;
  const { wait } = writes;
  const resting = walked.resting;
  walked.wakes += 1;
  if (!wait || flow.problem !== undefined || walked.wakes > mostWakes || resting?.reason === noHour) {
    walked.isCut = true;
    return "cut";
  }
  writes.wait = undefined;
  execution.row.from = { visit: cursor.visit, attempt: cursor.attempt };
  execution.work = new WorkBudget();
  cursor.resumed = wait.for;
  const reachedAt = walked.steps.findLast(({ visit, attempt }) => visit === cursor.visit && attempt === 1)?.at;
  if (reachedAt !== undefined) cursor.reachedAt = new Date(reachedAt);
  cursor.waiting =
    (flow.watches || flow.longestStayMs !== undefined) && resting?.wakeAt
      ? { since: new Date(resting.startedAt), until: resting.wakeAt }
      : undefined;
  let until = wait.until.getTime();
  if (wait.watches) {
    if ((wait.for === "event" || wait.for === "reply") && cursor.nodeId !== null) walked.assumed.set(cursor.nodeId, "nobody_acts");
    walked.looks += 1;
    if (walked.looks > mostLooks && resting?.wakeAt) until = resting.wakeAt.getTime();
  }
  walked.now = Math.max(walked.now, until);
  if (wait.for === "call") passCall(walked);
  return "goes_on";
}

/** A call of a webhook is not made. It goes on as if the answer were as it should be and named no fields. */
export function passCall({ execution, now, assumed }: Walked): void {
  const { cursor, flow } = execution;
  const node = flow.problem === undefined && cursor.nodeId !== null ? flow.nodes.get(cursor.nodeId) : undefined;
  if (!node) throw new Error("A call is assumed at a node that is not there");
  assumed.set(node.id, "webhook_succeeds");
  leave(
    execution,
    node,
    { visit: cursor.visit, startedAt: now },
    { status: "completed", exit: node.exits[0] ?? null, result: { rehearsed: true } },
  );
}

/** Keeps what would be written now. */
function keepSteps(walked: Walked): void {
  const { writes, memory } = walked.execution;
  const { closedStep } = writes;
  if (closedStep) {
    const open = walked.steps.findLast(({ visit, attempt }) => visit === closedStep.visit && attempt === closedStep.attempt);
    if (open) Object.assign(open, { status: closedStep.status, exit: closedStep.exit, reason: closedStep.reason ?? open.reason });
  }
  for (const step of writes.newSteps) {
    walked.steps.push({
      nodeId: step.nodeId,
      visit: step.visit,
      attempt: step.attempt,
      status: step.status,
      exit: step.exit,
      reason: step.reason,
      at: step.startedAt,
      until: step.wakeAt?.getTime() ?? null,
    });
    if (step.status !== "waiting") continue;
    walked.resting = step;
    walked.looks = 0;
    // A pass that reads an execution again counts the visit at which it rests.
    if (step.attempt === 1) memory.visitsOf?.set(step.nodeId, (memory.visitsOf.get(step.nodeId) ?? 0) + 1);
  }
  writes.newSteps = [];
  writes.closedStep = undefined;
  writes.tally = [];
  writes.dropped = [];
}

/** Whether a contact was given up because its flow goes round for too long. */
export const isUnfinished = ({ isCut, resting }: Walked): boolean => isCut && resting?.reason !== noHour;

/** Whether a step did nothing for the contact. */
export const cameToNothing = ({ status, reason }: PlannedStep): boolean =>
  reason !== null && (status === "skipped" || status === "failed" || reason === noHour);

/** Why no message leaves for a contact: the first reason on its way, null where there is no message on it. Undefined where one leaves. */
export function whyNothing({ messages, steps, execution: { flow } }: Walked): Reason | null | undefined {
  if (messages.length > 0 || flow.problem !== undefined) return undefined;
  const isMessage = (id: string) => flow.nodes.get(id)?.definition.channel !== undefined;
  return steps.find((step) => cameToNothing(step) && isMessage(step.nodeId))?.reason ?? null;
}

/** Why the visits of a contact to each node came to nothing, each reason once. */
export function reasonsByNode(steps: readonly PlannedStep[]): Map<string, Set<Reason>> {
  const all = new Map<string, Set<Reason>>();
  for (const step of steps) {
    const { nodeId, reason } = step;
    if (reason !== null && cameToNothing(step)) all.set(nodeId, (all.get(nodeId) ?? new Set()).add(reason));
  }
  return all;
}
