import { z } from "zod";
import { ChannelName } from "./messages.ts";
import { Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";
import { Drip, Send, SendStart } from "./sends.ts";

// What is done with sends that are under way, and what is told of it. The first pages do nothing of it.

export const SendSkip = z.object({ contactId: Uuid, contactName: z.string().nullable(), reason: z.enum(reasonCodes) });
export type SendSkip = z.infer<typeof SendSkip>;

/**
 * What can be changed while a send is under way. Null removes the setting: the send starts now, or all contacts begin
 * at once.
 */
export const SendPatch = z
  .strictObject({ start: SendStart.nullish(), drip: Drip.nullish() })
  .refine(({ start, drip }) => start !== undefined || drip !== undefined, "name start or drip");
export type SendPatch = z.infer<typeof SendPatch>;

/**
 * A message that had been handed to a provider, without an answer yet, when a send was stopped. `contactName` says
 * whose it is.
 */
export const InFlight = z.object({
  executionId: Uuid,
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  channel: ChannelName,
});

/**
 * The account of a stop or an undo, exact at its moment. Nothing leaves after it except what is in flight.
 *
 * enrolled = ended + stopped + finishing + inFlight (executions that had ended before, that are stopped, whose message or call had been
 * answered and stands in the history in a moment, and that end once their provider has answered). Those that are finishing end as they
 * would have, where nothing follows; nothing new begins for them.
 */
export const StopAccount = z.object({
  send: Send,
  /** How many messages had left before. */
  sent: z.number().int(),
  /** How many had been kept on this machine before, in a test or in test mode. */
  captured: z.number().int(),
  ended: z.number().int(),
  stopped: z.number().int(),
  finishing: z.number().int(),
  inFlight: z.number().int(),
  /** The first hundred messages in flight. */
  inFlightItems: z.array(InFlight),
});
export type StopAccount = z.infer<typeof StopAccount>;

/** Which executions of a send to retry: all that failed, or those that failed for these reasons. */
export const RetrySelection = z.strictObject({
  reasons: z.array(z.enum(reasonCodes)).min(1).max(reasonCodes.length).optional(),
});

/** What a retry would do, before it is done. */
export const RetryPreview = z.object({
  executions: z.number().int(),
  /** All failed executions by reason, whatever reasons were asked for. */
  byReason: z.array(z.object({ reason: z.enum(reasonCodes), executions: z.number().int() })),
  /** The messages that leave first, by channel: those of the steps that the executions stand at. */
  messages: z.array(z.object({ channel: ChannelName, executions: z.number().int() })),
  /** The messages that will be skipped instead, because their contacts cannot be written to now, by reason. */
  skipped: z.array(z.object({ reason: z.enum(reasonCodes), executions: z.number().int() })),
  /** How many of these messages may have arrived at the first try. */
  mayHaveArrived: z.number().int(),
});
export type RetryPreview = z.infer<typeof RetryPreview>;

export const RetryResult = z.object({ success: z.literal(true), retried: z.number().int() });
