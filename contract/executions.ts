import { z } from "zod";
import { ChannelName } from "./messages.ts";
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

/**
 * `reply`, `window` and `hold` have no writer yet: the channels will write the first two (waiting for an inbound message,
 * quiet hours), and the check of a send's first messages will write `hold`.
 */
export const waitingFor = ["time", "reply", "event", "window", "capacity", "hold", "call", "child"] as const;
export type WaitingFor = (typeof waitingFor)[number];

/** A message that did not leave, as it stands in addresses: "sms:no_phone". */
export const MissedMessage = z.templateLiteral([ChannelName, ":", z.enum(reasonCodes)]);
export type MissedMessage = z.infer<typeof MissedMessage>;

/** One contact going through one version of a flow. */
export const Execution = z.object({
  id: Uuid,
  flowId: Uuid,
  flowName: z.string(),
  flowVersionId: Uuid,
  sendId: Uuid,
  /** Null if the contact was deleted. The history stays. */
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
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
  /** Whether a message has left for the contact. */
  reached: z.boolean(),
  /** The messages that did not leave, each reason once: they were skipped or failed. */
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

export const ExecutionListQuery = z.strictObject({
  ...PageQuery.shape,
  flowId: Uuid.optional(),
  contactId: Uuid.optional(),
  sendId: Uuid.optional(),
  /** Only these executions, separated by commas. A page on screen uses it to refresh the rows that it shows. */
  ids: z
    .string()
    .max(4000)
    .transform((text) => text.split(","))
    .pipe(z.array(Uuid).max(100))
    .optional(),
  /** One or more statuses, separated by commas. */
  status: z
    .string()
    .max(200)
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(executionStatuses)))
    .optional(),
  /**
   * `any`: executions of which a message did not leave. A channel: of which one of that channel did not. "sms:no_phone":
   * of which one did not for that reason. `nobody`: those that have ended although no message could leave.
   */
  missed: z.union([z.literal(["any", "nobody"]), ChannelName, MissedMessage]).optional(),
  /** Part of the contact's name, e-mail or phone. */
  search: z.string().trim().max(100).optional(),
});
export type ExecutionListQuery = z.infer<typeof ExecutionListQuery>;
