import { z } from "zod";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

export const channels = ["sms", "email"] as const;
export type Channel = (typeof channels)[number];

/**
 * `unknown`: the message was handed to the provider, and the process died before it heard the answer. `delivered`,
 * `undelivered` and `held` have no writer yet: delivery reports will write the first two, the gate before sending the last.
 */
export const messageStatuses = ["queued", "sending", "sent", "delivered", "undelivered", "failed", "unknown", "held"] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export const Message = z.object({
  id: Uuid,
  executionId: Uuid.nullable(),
  flowId: Uuid.nullable(),
  flowName: z.string().nullable(),
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  channel: z.enum(channels),
  /** `catch`: it never left this machine and is shown in the inbox only. */
  provider: z.string(),
  isTest: z.boolean(),
  to: z.string().nullable(),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  body: z.string().nullable(),
  html: z.string().nullable(),
  segments: z.number().int().nullable(),
  status: z.enum(messageStatuses),
  reason: z.enum(reasonCodes).nullable(),
  errorMessage: z.string().nullable(),
  providerMessageId: z.string().nullable(),
  createdAt: Timestamp,
  sentAt: Timestamp.nullable(),
});
export type Message = z.infer<typeof Message>;

export const MessageListQuery = z.strictObject({
  ...PageQuery.shape,
  channel: z.enum(channels).optional(),
  provider: z.string().max(50).optional(),
  contactId: Uuid.optional(),
  executionId: Uuid.optional(),
  search: z.string().trim().max(100).optional(),
});
export type MessageListQuery = z.infer<typeof MessageListQuery>;
