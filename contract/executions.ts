import { z } from "zod";
import { GivenTimestamp } from "./date-bounds.ts";
import { ChannelName, channels } from "./messages.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";
import { sources } from "./sends.ts";

/**
 * The six statuses of the founding document. Finer facts (waiting, until when, for what) stand beside the status and
 * never in it.
 */
export const executionStatuses = ["pending", "running", "completed", "failed", "cancelled", "partial_failure"] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

export const stepStatuses = ["running", "waiting", "completed", "skipped", "failed"] as const;
export type StepStatus = (typeof stepStatuses)[number];

/** `hold`: it waits until its send goes on beyond the few with whom it began. It stands in no row; it is read from the send. */
export const waitingFor = ["time", "reply", "event", "window", "pace", "capacity", "hold", "call", "child"] as const;
export type WaitingFor = (typeof waitingFor)[number];

/** A message that did not leave, as it stands in addresses: "sms:no_phone". */
export const MissedMessage = z.templateLiteral([ChannelName, ":", z.enum(reasonCodes)]);
export type MissedMessage = z.infer<typeof MissedMessage>;

/** A message of a channel in test mode, or of a test: it was kept on this machine. */
export const capturedMessages: readonly MissedMessage[] = channels.map((channel) => `${channel}:test_mode` as const);

interface Reach {
  reached: boolean;
  missed: readonly string[];
}
/** No message left for the contact, and at least one would have, were its channel not in test mode. */
export const isCaptured = ({ reached, missed }: Reach): boolean => !reached && capturedMessages.some((one) => missed.includes(one));
/** Of the messages that were meant for the contact none left, and test mode is not why. */
export const isUnreached = (reach: Reach): boolean => !reach.reached && reach.missed.length > 0 && !isCaptured(reach);

/** One contact going through one version of a flow. */
export const Execution = z.object({
  id: Uuid,
  flowId: Uuid,
  flowName: z.string(),
  /** The send brought a graph of its own, which the contact went through, and the flow only gave its name. */
  hasOwnGraph: z.literal(true).optional(),
  flowVersionId: Uuid,
  sendId: Uuid,
  /** Null if the contact was deleted. The history stays. */
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  /** Whether the contact was deleted and can still be restored. */
  contactInBin: z.boolean(),
  status: z.enum(executionStatuses),
  source: z.enum(sources),
  /** Why the contact is in the flow, in words: "Manual send (Contacts page)". */
  reason: z.string(),
  launchedByName: z.string().nullable(),
  isTest: z.boolean(),
  enrolledAt: Timestamp,
  startedAt: Timestamp.nullable(),
  completedAt: Timestamp.nullable(),
  /** Milliseconds from start to end. */
  executionTime: z.number().int().nullable(),
  currentNodeId: z.string().nullable(),
  currentNodeLabel: z.string().nullable(),
  wakeAt: Timestamp.nullable(),
  waitingFor: z.enum(waitingFor).nullable(),
  endedReason: z.enum(reasonCodes).nullable(),
  errorMessage: z.string().nullable(),
  /** The number of steps that were skipped. An execution that reached the end may have sent nothing at all. */
  skippedSteps: z.number().int(),
  /** Whether a message has left for the contact. One of a channel in test mode, or of a test, never leaves. */
  reached: z.boolean(),
  /** The messages that did not leave, each reason once: they were skipped, failed, or were kept here (`test_mode`). */
  missed: z.array(MissedMessage),
  /**
   * The run at Trigger.dev that moved the execution last or will move it, and its address in the dashboard; null with
   * the built-in engine.
   */
  engineRun: z.object({ id: z.string(), url: z.url() }).nullable(),
});
export type Execution = z.infer<typeof Execution>;

/**
 * `inFlight` means that a message had been handed to a provider. The execution ends as soon as the provider's answer is
 * known.
 */
export const CancelResult = z.object({ execution: Execution, inFlight: z.boolean() });
export type CancelResult = z.infer<typeof CancelResult>;

/** One visit of an execution to a node: what was done and what the result was. */
export const Step = z.object({
  id: Uuid,
  executionId: Uuid,
  nodeId: z.string(),
  nodeType: z.string(),
  nodeLabel: z.string().nullable(),
  visit: z.number().int(),
  attempt: z.number().int(),
  status: z.enum(stepStatuses),
  exit: z.string().nullable(),
  reason: z.enum(reasonCodes).nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  errorMessage: z.string().nullable(),
  wakeAt: Timestamp.nullable(),
  startedAt: Timestamp,
  completedAt: Timestamp.nullable(),
});
export type Step = z.infer<typeof Step>;

const OfVersion = z.object({
  versionId: Uuid,
  version: z.number().int(),
  /** The step at which it stood, or went on; null where it had not begun, and where it left. */
  nodeId: z.string().nullable(),
});

/** That an execution was moved when a version of its flow was published. Its visits up to `afterVisit` belong to `from`. */
export const ExecutionMove = z.object({
  at: Timestamp,
  afterVisit: z.number().int(),
  /** `follow`: it went on at the same step. `node`: at another one. `leave`: it was taken out. */
  action: z.enum(["follow", "node", "leave"]),
  from: OfVersion,
  to: OfVersion,
});
export type ExecutionMove = z.infer<typeof ExecutionMove>;

/** A step of a flow, by the id of its node. */
const NodeId = z.string().min(1).max(200);

/** Executions of test sends are listed among the others unless one of these is asked for. */
export const testRunChoices = ["hidden", "only"] as const;
export type TestRuns = (typeof testRunChoices)[number];

/**
 * Which executions are meant; all conditions hold together. Those about a step look at the last visit of the execution to
 * it, so that each execution that came to a step counts there once: it waits there, or passed, was skipped or failed.
 */
export const ExecutionFilter = z.strictObject({
  flowId: Uuid.optional(),
  contactId: Uuid.optional(),
  sendId: Uuid.optional(),
  /** The version of the flow that the execution follows now. */
  versionId: Uuid.optional(),
  /** One or more statuses, separated by commas. */
  status: z
    .string()
    .max(200)
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(executionStatuses)))
    .optional(),
  /** Enrolled at this moment or later. */
  from: GivenTimestamp.optional(),
  /** Enrolled before this moment. */
  to: GivenTimestamp.optional(),
  /** Why it ended, or what failed on the way of one that goes on. */
  reason: z.enum(reasonCodes).optional(),
  /** It waits at this step. */
  nodeId: NodeId.optional(),
  /** It passed this step. */
  passedNodeId: NodeId.optional(),
  /** This step was skipped. */
  skippedNodeId: NodeId.optional(),
  /** This step failed. */
  failedNodeId: NodeId.optional(),
  /** It left this step by the exit that `exit` names. */
  leftNodeId: NodeId.optional(),
  exit: NodeId.optional(),
  /**
   * `any`: executions of which a message did not leave. A channel: of which one of that channel did not. "sms:no_phone":
   * of which one did not for that reason. `nobody`: those that have ended although no message could leave. `captured`:
   * those whose messages were only kept here, because of test mode.
   */
  missed: z.union([z.literal(["any", "nobody", "captured"]), ChannelName, MissedMessage]).optional(),
  /** `hidden`: none of test sends. `only`: only those. */
  testRuns: z.enum(testRunChoices).optional(),
  /** Part of the contact's name, e-mail or phone. */
  search: z.string().trim().max(100).optional(),
});
export type ExecutionFilter = z.infer<typeof ExecutionFilter>;

const exitHasItsStep = ({ leftNodeId, exit }: Pick<ExecutionFilter, "leftNodeId" | "exit">) =>
  (leftNodeId === undefined) === (exit === undefined);
const exitProblem = { error: "`leftNodeId` and `exit` are given together", path: ["exit"] };

export const ExecutionListQuery = z
  .strictObject({
    ...PageQuery.shape,
    ...ExecutionFilter.shape,
    /** Only these executions, separated by commas. A page on screen uses it to refresh the rows that it shows. */
    ids: z
      .string()
      .max(4000)
      .transform((text) => text.split(","))
      .pipe(z.array(Uuid).max(100))
      .optional(),
  })
  .refine(exitHasItsStep, exitProblem);
export type ExecutionListQuery = z.infer<typeof ExecutionListQuery>;

export const ExecutionExportQuery = z
  .strictObject({ ...ExecutionFilter.shape, workspaceId: z.string().max(100).optional() })
  .refine(exitHasItsStep, exitProblem);

/** A step with what a log says of it besides: whose it is, and by which send and version it was taken. */
export const LoggedStep = z.object({
  ...Step.shape,
  flowId: Uuid,
  flowName: z.string(),
  flowVersionId: Uuid,
  versionNumber: z.number().int(),
  sendId: Uuid,
  isTest: z.boolean(),
  /** Null if the contact was deleted. */
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  executionStatus: z.enum(executionStatuses),
  /** Milliseconds from its start to its end; null while it is open. */
  duration: z.number().int().nullable(),
  /** What the provider calls the message of this step. */
  providerMessageId: z.string().nullable(),
});
export type LoggedStep = z.infer<typeof LoggedStep>;

/** Which steps are meant; all conditions hold together. */
export const StepFilter = z.strictObject({
  flowId: Uuid.optional(),
  sendId: Uuid.optional(),
  versionId: Uuid.optional(),
  contactId: Uuid.optional(),
  nodeId: NodeId.optional(),
  /** One or more statuses, separated by commas. */
  status: z
    .string()
    .max(200)
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(stepStatuses)))
    .optional(),
  reason: z.enum(reasonCodes).optional(),
  /** Begun at this moment or later. */
  from: GivenTimestamp.optional(),
  /** Begun before this moment. */
  to: GivenTimestamp.optional(),
  /** `hidden`: none of test sends. `only`: only those. */
  testRuns: z.enum(testRunChoices).optional(),
  /** Part of the contact's name, e-mail or phone. */
  search: z.string().trim().max(100).optional(),
});
export type StepFilter = z.infer<typeof StepFilter>;

export const StepLogQuery = z.strictObject({ ...PageQuery.shape, ...StepFilter.shape });
export type StepLogQuery = z.infer<typeof StepLogQuery>;
export const StepExportQuery = z.strictObject({ ...StepFilter.shape, workspaceId: z.string().max(100).optional() });
