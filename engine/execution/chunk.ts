import type { ExecutionStatus, StepStatus, WaitingFor } from "#contract/executions.ts";
import type { Channel, MessageStatus } from "#contract/messages.ts";
import type { DoubtRule } from "#contract/people.ts";
import type { Reason } from "#contract/reasons.ts";
import type { ReadyFlow, ReadyNode } from "../flow/flow-graph.ts";
import type {
  Child,
  ContactFields,
  Decide,
  FlowStart,
  HttpAnswer,
  HttpRequest,
  MessageDraft,
  Output,
  Variables,
  WorkspaceFields,
} from "../flow/node-executor.ts";

/** What a chunk needs to know of the send it belongs to. */
export interface ChunkSend {
  id: string;
  workspaceId: string;
  flowId: string;
  state: string;
  isTest: boolean;
  lanes: number;
  chunkSize: number;
  expected: number;
  enrolled: number;
  enrolledAt: Date | null;
  trigger: Readonly<Record<string, unknown>>;
  /** Where the request that made it stood in its trace. */
  traceparent: string | null;
  workspace: WorkspaceFields;
  /** What becomes of a message in doubt. */
  doubtRules: Readonly<Record<Channel, DoubtRule>>;
}

/** The contact of an execution as the gate needs it, beside what nodes see. */
export interface ChunkContact {
  fields: ContactFields;
  /** Changes with every change of the row: a message is only claimed for the contact that was looked at. */
  version: string;
  suppressedSms: string | null;
  suppressedEmail: string | null;
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

/** A message row that was there before this pass: a memory of what an earlier one did. */
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
  /** Whether the worker that claimed it may still be calling. */
  leased: boolean;
}

/** At a node that does something outside the memory of this pass. Each kind has a file of its own; see deliver.ts. */
export type Pending = PendingMessage | PendingChange | PendingStart | PendingLeave;

interface PendingEffect {
  node: ReadyNode;
  visit: number;
  attempt: number;
  startedAt: number;
  onError: "stop" | "continue";
}

/** At a node that sends, with everything decided but the call itself. */
export interface PendingMessage extends PendingEffect {
  kind: "message";
  draft: MessageDraft;
}

/** At a node that changes the contact. */
export interface PendingChange extends PendingEffect {
  kind: "change";
  decide: Decide;
}

/** At a node that starts another flow for the same contact. */
export interface PendingStart extends PendingEffect {
  kind: "start";
  start: FlowStart;
}

/** At a node that ends the other flows of the contact. */
export interface PendingLeave extends PendingEffect {
  kind: "leave";
  /** Null: all. */
  flowIds: readonly string[] | null;
}

/** The call an execution waits for, as it stands beside its wake-up. */
export interface ChunkCall {
  /** Changes with every try. */
  id: string;
  request: HttpRequest;
  answer: HttpAnswer | undefined;
  /** Whether a worker may be making it at this moment. */
  leased: boolean;
}

export interface Ending {
  status: Extract<ExecutionStatus, "completed" | "failed" | "partial_failure" | "cancelled">;
  reason: Reason | null;
  errorMessage: string | null;
  result: Output | null;
}

/**
 * An execution while a chunk is in memory. `from` is the cursor that was read; the write at the end moves exactly that
 * cursor or nothing (compare and set). Every write makes (visit, attempt) larger or ends the execution.
 */
export interface ChunkExecution {
  id: string;
  seq: number;
  send: ChunkSend;
  flowVersionId: string;
  flow: ReadyFlow;
  contactId: string | null;
  contact: ChunkContact | null;
  from: { visit: number; attempt: number };
  startedAt: Date | null;
  /** When this pass took it up, in milliseconds of the database. */
  beganAt: number;
  /** Whether there is a wake-up of it. */
  wasWaiting: boolean;
  /** Why it is to end here: what an earlier pass began is still recorded, nothing new begins. */
  cancel: Reason | null;
  /** How often it was at each node; only known, and only needed, in a flow that leads back to where it was. */
  visitsOf: Map<string, number> | undefined;

  /** The node to run next, or the one it waits at. */
  nodeId: string | null;
  /** The last visit that was begun. */
  visit: number;
  attempt: number;
  /** It waited at `nodeId`, and the time has come. */
  resumed: WaitingFor | null;
  /** Since when and until when; only known in a flow that watches contacts, where one may be woken before its time. */
  waiting: { since: Date; until: Date } | undefined;
  /** The node from which a goal drew it to itself. */
  drawnFrom: string | undefined;
  /** What it was handed where it began. */
  trigger: Readonly<Record<string, unknown>>;
  /** How many flows stand above it, and whether the next one waits for its end. */
  depth: number;
  parentWaits: boolean;
  /** Set where it waited for another flow. */
  child: Child | undefined;
  /** Set where it waited for a call. */
  call: ChunkCall | undefined;
  /** What went wrong on the way without ending the execution. */
  errorMessage: string | null;
  failedReason: Reason | null;

  /** Steps that an earlier, unfinished pass wrote. They are the truth about the path; nothing is decided twice. */
  knownSteps: Map<number, StepRecord> | undefined;
  knownMessages: Map<number, KnownMessage> | undefined;

  /** Set by nodes of this execution; null where none has. Without prototype: the names come from people. */
  variables: Variables | null;
  /** Whether they differ from what is stored. */
  variablesChanged: boolean;
  /** What nodes with a data key gave, by that key; only known in a flow that has such nodes. */
  outputs: Variables | null;

  newSteps: StepRecord[];
  /** How the step ended at which it waited. */
  closedStep: StepRecord | undefined;
  pending: Pending | undefined;
  /** Messages that were to be tried again and will not be: at which visit, and why. */
  dropped: { visit: number; reason: Reason }[];
  /** `call`: what is to be called when the time has come. */
  wait: { until: Date; for: WaitingFor; call?: HttpRequest } | undefined;
  ending: Ending | undefined;
  /**
   * For another pass: there was no time (`later`), or somebody else has it or its contact changed under us (`taken`).
   * `nothing_to_write`: its rows are as they should be, because an effect has written them or because it waits for a call that is under way.
   */
  leftAlone: "later" | "taken" | "nothing_to_write" | null;
}
