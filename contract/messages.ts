import { z } from "zod";
import { typedValue } from "./comparable-text.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/**
 * Every way to reach a contact. A new one is added here, in the CHECK constraints of the tables that store a channel,
 * and wherever a `Record<Channel, …>` then fails to compile.
 */
export const channels = ["sms", "email"] as const;
export const ChannelName = z.enum(channels);
export type Channel = z.infer<typeof ChannelName>;

/** One value for each channel. */
export function forEachChannel<T>(make: (channel: Channel) => T): Record<Channel, T> {
  return Object.fromEntries(channels.map((channel) => [channel, make(channel)])) as Record<Channel, T>;
}

/**
 * `unknown` means that the message was handed to the provider and the process died before it read the answer.
 * `delivered`, `undelivered` and `held` have no writer yet: delivery reports will write the first two, the gate before
 * sending the last.
 */
export const messageStatuses = ["queued", "sending", "sent", "delivered", "undelivered", "failed", "unknown", "held"] as const;
export type MessageStatus = (typeof messageStatuses)[number];

const seen = { times: z.number().int(), byPrograms: z.number().int(), firstAt: Timestamp.nullable() };

/** What became of a message where clicks and opens are noted. `firstAt` is null where only programs were there. */
export const MessageTracked = z.object({
  clicks: z.array(z.object({ url: z.string(), ...seen })),
  /** Unreliable: programs load pictures by themselves, or never. */
  opens: z.object(seen).nullable(),
});
export type MessageTracked = z.infer<typeof MessageTracked>;

export const Message = z.object({
  id: Uuid,
  executionId: Uuid.nullable(),
  flowId: Uuid.nullable(),
  flowName: z.string().nullable(),
  /** The send brought a graph of its own, which the contact went through, and the flow only gave its name. */
  hasOwnGraph: z.literal(true).optional(),
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  /** Whether the contact was deleted and can still be restored. */
  contactInBin: z.boolean(),
  channel: ChannelName,
  /** A name of `channels/providers.ts`, or one that an earlier version had. */
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
  /** Null where nobody clicked or opened, or nothing was noted. */
  tracked: MessageTracked.nullable(),
});
export type Message = z.infer<typeof Message>;

export const MessageListQuery = z.strictObject({
  ...PageQuery.shape,
  channel: ChannelName.optional(),
  provider: z.string().max(50).optional(),
  contactId: Uuid.optional(),
  executionId: Uuid.optional(),
  /** Looked for in the contact's name, number and address, in the message's address, and in its subject and text. */
  search: z.string().transform(typedValue).pipe(z.string().max(254)).optional(),
});
export type MessageListQuery = z.infer<typeof MessageListQuery>;
