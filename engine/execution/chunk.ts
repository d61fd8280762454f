import type { ExecutionStatus, StepStatus, WaitingFor } from "#contract/executions.ts";
import type { FrozenValue } from "#contract/judge-launch.ts";
import type { Channel, MessageStatus } from "#contract/messages.ts";
import type { DoubtRule } from "#contract/people.ts";
import type { Reason } from "#contract/reasons.ts";
import type { SendState } from "#contract/sends.ts";
import type { WorkBudget } from "#contract/work-budget.ts";
import type { ReadyFlow, ReadyNode } from "../flow/flow-graph.ts";
import type { Move } from "../flow/moves.ts";
import type {
  Child,
  ContactFields,
  Decide,
  FlowStart,
  HttpAnswer,
  HttpRequest,
  MessageDraft,
  Output,
  Reply,
  Variables,
  WorkspaceFields,
} from "../flow/node-executor.ts";

/** The send of an execution, as a chunk needs it. */
export interface ChunkSend {
  id: string;
  workspaceId: string;
  flowId: string;
  state: SendState;
  isTest: boolean;
  /** Whether it does not wait; only a test does so. */
  skipsWaits: boolean;
  /** Whether it has begun with a few and the rest waits for how these go. */
  holdsRest: boolean;
  lanes: number;
  chunkSize: number;
  expected: number;
  /** The last publication before the send took its version. */
  seenPublication: number;
  /** Whether its executions may be handed over one by one. */
  oneByOne: boolean;
  enrolled: number;
  enrolledAt: Date | null;
  trigger: Readonly<Record<string, unknown>>;
  /** What was given for what the flow asks for, for all contacts. */
  given: Readonly<Record<string, FrozenValue>>;
  /** The W3C traceparent of the request that made the send. */
  traceparent: string | null;
  workspace: WorkspaceFields;
  /** No message leaves after this moment, in milliseconds since 1970; null sets no end. */
  notLaterThan: number | null;
  /** What is done with a message in doubt, by channel. */
  doubtRules: Readonly<Record<Channel, DoubtRule>>;
}

/** A contact as nodes see it (`fields`), with what the recipient check needs beside that. */
export interface ChunkContact {
  fields: ContactFields;
  /** The row version (xmin), which changes with every update: a message is only claimed for the contact that was checked. */
  version: string;
  /** The country of the number that messages go to. */
  phoneCountry: string | null;
  /** What closes a channel, as a reason of the suppression list: the address is on it, or the contact asked for it before. */
  suppressedSms: string | null;
  suppressedEmail: string | null;
  /** What the contact asked for under an earlier address, which closes the channel whatever the address is. */
  refusedBefore: Readonly<Record<Channel, string | null>>;
}

/** One visit to a node, to be written. `(visit, attempt)` is unique in an execution. */
export interface StepRecord {
  visit: number;
  attempt: number;
  nodeId: string;
  nodeType: string;
  status: StepStatus;
  exit: string | null;
  reason: Reason | null;
  result: Output | null;
  errorMessage: string | null;
  wakeAt: Date | null;
  startedAt: number;
  completedAt: number | null;
}

/** Whether a message left for a contact, and those that did not, each kind once: "sms:no_phone". */
export interface Reach {
  reached: boolean;
  missed: readonly string[];
}

/** A message row that an earlier pass wrote. */
export interface KnownMessage {
  id: string;
  visit: number;
  nodeId: string | null;
  channel: Channel;
  provider: string;
  status: MessageStatus;
  reason: Reason | null;
  errorMessage: string | null;
  attempt: number;
  providerMessageId: string | null;
  /** Since when it is in doubt, if it is. */
  doubtAt: Date | null;
  /** Whether its lease still runs, so that the worker that claimed it may still be calling. */
  leased: boolean;
}

/** The effect at which an execution stands: a node wants something done outside the memory of this pass. See effects/. */
export type Pending = PendingMessage | PendingChange | PendingStart | PendingLeave;

interface PendingEffect {
  node: ReadyNode;
  visit: number;
  attempt: number;
  startedAt: number;
  onError: "stop" | "continue";
}

/** The node sends a message; everything is decided but the call itself. */
export interface PendingMessage extends PendingEffect {
  kind: "message";
  draft: MessageDraft;
  /** When the execution came to this step, in milliseconds since 1970, however often it has waited there since. */
  reachedAt: number;
}

/** The node changes the contact. */
export interface PendingChange extends PendingEffect {
  kind: "change";
  decide: Decide;
}

/** The node starts another flow for the same contact. */
export interface PendingStart extends PendingEffect {
  kind: "start";
  start: FlowStart;
}

/** The node ends other executions of the contact. */
export interface PendingLeave extends PendingEffect {
  kind: "leave";
  /** The flows whose executions are ended; null means all flows. */
  flowIds: readonly string[] | null;
}

/** The webhook call for which an execution waits. It is stored in the wake-up. */
export interface ChunkCall {
  /** The id of the try; every try has another. */
  id: string;
  request: HttpRequest;
  answer: HttpAnswer | undefined;
  /** Whether its lease still runs, so that a worker may be making the call. */
  leased: boolean;
}

/** The outcome of one message: it left, or the reason why not. */
export interface MessageOutcome {
  channel: Channel;
  /** `captured`: its channel is in test mode, so it was kept on this machine. */
  outcome: "sent" | "captured" | "skipped" | "failed";
  /** Null where it left. */
  reason: Reason | null;
}

export interface Ending {
  status: Extract<ExecutionStatus, "completed" | "failed" | "partial_failure" | "cancelled">;
  reason: Reason | null;
  errorMessage: string | null;
  result: Output | null;
}

/** What was read when the pass began. None of it changes while the pass runs. */
export interface ExecutionOrigin {
  seq: number;
  flowVersionId: string;
  contactId: string | null;
  /** The cursor that was read; the write at the end moves exactly that cursor or nothing (compare-and-set). */
  from: { visit: number; attempt: number };
  startedAt: Date | null;
  /** When this pass read it, in milliseconds since 1970 by the database's clock. */
  beganAt: number;
  /** When its wake-up is due; null where it has none. */
  wakeAt: Date | null;
  /** The last publication whose rules it has followed. */
  seenPublication: number;
  /** The values that it was handed where it began. */
  trigger: Readonly<Record<string, unknown>>;
  /** Whether a message left for the contact before, and which did not. */
  reach: Reach;
  /** The visit at which a retry tries again what failed. */
  retriedVisit: number | null;
  /** The visits whose wait a person ended, and whose end a person moved. */
  byPerson: { skippedVisit: number | null; movedVisit: number | null };
  /** How many flows stand above it, each started by the one above. */
  depth: number;
  /** Whether the execution that started it waits for its end. */
  parentWaits: boolean;
}

/** Where an execution stands, and what it waited for there. Every write makes (visit, attempt) larger or ends the execution. */
export interface Cursor {
  /** The node to run next, or the node at which it waits. */
  nodeId: string | null;
  /** The last visit that was begun. */
  visit: number;
  attempt: number;
  /** Set where it waited at `nodeId` and is to go on. */
  resumed: WaitingFor | null;
  /** Since when and until when it waits; only known in a flow that watches contacts, where it may be woken before its time. */
  waiting: { since: Date; until: Date } | undefined;
  /** When it came to the message at which it waited. */
  reachedAt?: Date;
  /** Set where it waited for another flow. */
  child: Child | undefined;
  /** Set where it waited for a call. */
  call: ChunkCall | undefined;
  /** The node from which a goal drew it to itself. */
  drawnFrom: string | undefined;
}

/** A reply with the visit of the last message that had left for the contact when it came. */
export interface HeardReply extends Reply {
  afterVisit: number;
}

/** What is known of an execution, from the database or from the nodes that were walked. */
export interface Memory {
  /** The contact as it was last read; null where it was deleted. */
  contact: ChunkContact | null;
  /** Why it is to end here: what an earlier pass began is still recorded, nothing new begins. */
  cancel: Reason | null;
  /** How often it was at each node; only known, and only needed, in a flow that has a loop. */
  visitsOf: Map<string, number> | undefined;
  /** Steps that an earlier, unfinished pass wrote, by visit. They are the truth about the path; nothing is decided twice. */
  knownSteps: Map<number, StepRecord> | undefined;
  /** Messages that an earlier, unfinished pass wrote, by visit. */
  knownMessages: Map<number, KnownMessage> | undefined;
  /** Variables that its nodes have set; null where there are none. Without prototype, because the names come from people. */
  variables: Variables | null;
  /** The results of nodes that have a data key, by that key. Loaded only for flows that have such nodes. */
  outputs: Variables | null;
  /** What the contact wrote for this execution, oldest first, and no step has gone on by yet. Only known in a flow that waits for replies. */
  replies: readonly HeardReply[];
  /** The visit of the last message that left. Goes with `replies`. */
  lastMessageVisit: number;
  /** Errors of steps that did not end the execution. */
  errorMessage: string | null;
  failedReason: Reason | null;
}

/** What is to be done and written for an execution. */
export interface Writes {
  newSteps: StepRecord[];
  /** How the step ended at which it waited. */
  closedStep: StepRecord | undefined;
  /** The effect at which it stands. */
  pending: Pending | undefined;
  /** Messages that were to be tried again and will not be: at which visit, and why. */
  dropped: { visit: number; reason: Reason }[];
  /**
   * Until when it rests. `for`: null where it stands before its next node and goes on there. `call`: the request that is to
   * be made when the time has come.
   */
  wait: { until: Date; for: WaitingFor | null; watches?: boolean; call?: HttpRequest } | undefined;
  ending: Ending | undefined;
  /** The outcomes of the messages of the visits that the cursor moves over. */
  tally: MessageOutcome[];
  /** Whether the variables differ from those that are stored. */
  variablesChanged: boolean;
  /** The version that it has been moved to. */
  moved: Moved | undefined;
}

/** What a move to another version writes of an execution. */
export interface Moved {
  versionId: string;
  seenPublication: number;
  /** Each version that it left, in order. */
  records: { move: Move; action: "follow" | "node" | "leave"; fromVersionId: string; fromNodeId: string | null; toNodeId: string | null }[];
  /** The end of the step at which it goes on resting, and what the node says of it. */
  rest: { until: Date; result: Output | undefined } | undefined;
  /** Whether the version that it left watches contacts. */
  watched: boolean;
}

/** What filling in a text reads of an execution. */
export interface TextSource {
  send: Pick<ChunkSend, "workspace">;
  row: Pick<ExecutionOrigin, "trigger">;
  memory: Pick<Memory, "contact" | "variables" | "outputs">;
  work: WorkBudget;
}

/**
 * An execution while a chunk is in memory. The groups are plain objects that are made once, when the chunk is read:
 * thousands of executions pass through here every second.
 */
export interface ChunkExecution {
  id: string;
  send: ChunkSend;
  flow: ReadyFlow;
  row: ExecutionOrigin;
  cursor: Cursor;
  memory: Memory;
  writes: Writes;
  /** A publication moves it to another version as soon as what it is doing is done. */
  awaitsMove: boolean;
  /** The work in memory that it may still do in this pass. */
  work: WorkBudget;
  /**
   * Why this pass goes no further with it. `later`: there was no time, or the work of this pass was used up. `taken`: another worker has it, or its contact
   * changed meanwhile. `nothing_to_write`: its rows are as they should be, because an effect has written them or because
   * the call that it waits for is under way.
   */
  leftAlone: "later" | "taken" | "nothing_to_write" | null;
}
