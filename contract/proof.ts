import { z } from "zod";
import { ChannelName, messageStatuses } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/** What a provider may report on a message. `complaint` and `unsubscribe` say nothing about its delivery. */
export const reportStatuses = ["taken", "sent", "delivered", "undelivered", "complaint", "unsubscribe"] as const;
export type ReportStatus = (typeof reportStatuses)[number];

/** One try at handing a message over, as its step recorded it. */
export const ProofTry = z.object({
  attempt: z.number().int(),
  at: Timestamp,
  /** `waiting`: it is tried once more. */
  status: z.enum(["running", "waiting", "completed", "skipped", "failed"]),
  reason: z.enum(reasonCodes).nullable(),
  error: z.string().nullable(),
});

export const ProofReport = z.object({
  at: Timestamp,
  status: z.enum(reportStatuses),
  reason: z.enum(reasonCodes).nullable(),
  /** The provider's words. */
  error: z.string().nullable(),
});

/**
 * One line of the ledger of messages: one for each execution, visit, channel and address. It was written at `writtenAt`, before the
 * provider was called, so a message without a line did not leave.
 */
export const ProofLine = z.object({
  messageId: Uuid,
  sendId: Uuid.nullable(),
  flowName: z.string().nullable(),
  /** Null for a message that a person wrote by hand. */
  executionId: Uuid.nullable(),
  visit: z.number().int().nullable(),
  stepId: z.string().nullable(),
  contactId: Uuid.nullable(),
  /** Null where the contact was erased. */
  contactName: z.string().nullable(),
  channel: ChannelName,
  /** Null where the contact was erased. */
  to: z.string().nullable(),
  provider: z.string(),
  providerMessageId: z.string().nullable(),
  isTest: z.boolean(),
  attempt: z.number().int(),
  status: z.enum(messageStatuses),
  reason: z.enum(reasonCodes).nullable(),
  error: z.string().nullable(),
  writtenAt: Timestamp,
  sentAt: Timestamp.nullable(),
  deliveredAt: Timestamp.nullable(),
  /** Since when nobody knows whether it left, or when that was so. */
  doubtAt: Timestamp.nullable(),
  changedAt: Timestamp,
  /** The oldest first. Those of a message that a person wrote by hand are not kept. */
  tries: z.array(ProofTry),
  /** The oldest first. */
  reports: z.array(ProofReport),
});
export type ProofLine = z.infer<typeof ProofLine>;
