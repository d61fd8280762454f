import { z } from "zod";
import { Selection } from "./contacts.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

export const sendStates = ["enrolling", "running", "paused", "stopped", "undone", "done"] as const;
export type SendState = (typeof sendStates)[number];

/** Who or what began an execution. */
export const sources = ["manual", "bulk", "scheduled", "api", "webhook", "flow", "trigger_workflow_task"] as const;
export type Source = (typeof sources)[number];

/**
 * One press of Send. `sendId` is made by the client: the same id again is the same send, so a double click, a
 * repeated request or a second tab never sends twice.
 */
export const CreateSend = z.strictObject({
  sendId: Uuid.optional(),
  flowId: Uuid,
  selection: Selection,
  /** Values readable in the flow as {{trigger.name}}. */
  triggerData: z.record(z.string().max(100), z.unknown()).optional(),
  /** Messages of a test are caught in the inbox, whatever provider is set up. */
  isTest: z.boolean().default(false),
  /** How many contacts the person was shown. The answer tells when the count has moved since. */
  expectedTotal: z.number().int().min(0).optional(),
  /** Where it was pressed, for the history: "Contacts page". */
  launchedFrom: z.string().trim().max(100).optional(),
});
export type CreateSend = z.infer<typeof CreateSend>;

/**
 * A send and its exact totals. selected = enrolled + notEnrolled (once state is past "enrolling");
 * enrolled = completed + failed + partialFailure + cancelled + active.
 */
export const Send = z.object({
  id: Uuid,
  flowId: Uuid,
  flowName: z.string(),
  flowVersionId: Uuid,
  source: z.enum(sources),
  state: z.enum(sendStates),
  isTest: z.boolean(),
  launchedByName: z.string().nullable(),
  launchedFrom: z.string().nullable(),
  /** Contacts the selection matched when the send was accepted. */
  total: z.number().int(),
  enrolled: z.number().int(),
  notEnrolled: z.number().int(),
  active: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  partialFailure: z.number().int(),
  cancelled: z.number().int(),
  createdAt: Timestamp,
  enrolledAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type Send = z.infer<typeof Send>;

export const SendSkip = z.object({ contactId: Uuid, contactName: z.string().nullable(), reason: z.enum(reasonCodes) });
export type SendSkip = z.infer<typeof SendSkip>;

export const SendListQuery = z.strictObject({ ...PageQuery.shape, flowId: Uuid.optional(), state: z.enum(sendStates).optional() });
