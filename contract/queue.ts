import { z } from "zod";
import { ChannelName, channels } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";
import { SendStart, sendStates } from "./sends.ts";

/**
 * Where the executions of a send, or of all sends of a workspace, stand now. Every active one is in exactly one place:
 * active = executing + queued + waiting + held. Of the executions that wake up at the same time at most 10,000 are
 * read; the rest counts as waiting until then.
 */
const Places = {
  /** A worker has claimed it. */
  executing: z.number().int(),
  /** It could go on at once and waits for its turn. */
  queued: z.number().int(),
  /** It waits for a time: a delay, sending hours, the start of a send, the next try. */
  waiting: z.number().int(),
  /** Its send is paused, or has begun with a few and waits for how these go. */
  held: z.number().int(),
};

export const QueuedSend = z.object({
  id: Uuid,
  flowName: z.string(),
  state: z.enum(sendStates),
  isTest: z.boolean(),
  createdAt: Timestamp,
  /** When the send begins, if it was planned. */
  start: SendStart.nullable(),
  /** When the first contacts of a drip begin, while none of them has. */
  firstRoundAt: Timestamp.nullable(),
  total: z.number().int(),
  active: z.number().int(),
  ...Places,
});
export type QueuedSend = z.infer<typeof QueuedSend>;

/** Limits of messages that a workspace may change: what holds unless it did, and the largest value. */
export const messageLimits = {
  /** Messages to one contact within a day, all channels together. */
  perContactDay: { usual: 50, most: 1_000 },
  /** Messages of the workspace within an hour, all channels together. */
  perHour: { usual: 1_000_000, most: 100_000_000 },
  /** Messages of the workspace within a day, all channels together. */
  perDay: { usual: 100_000, most: 100_000_000 },
} as const;

export const alertCodes = [
  "late",
  "no_worker",
  "unknown_messages",
  "provider_down",
  "sender_refused",
  "channel_refused",
  "send_stuck",
  "sending_held",
  "hour_limit",
  "day_limit",
  "orphans",
  "mail_guard",
  "engine",
] as const;
export type AlertCode = (typeof alertCodes)[number];

/**
 * A condition that may not resolve by itself. `who` says who can act: the `operator` of this instance, one of its admins,
 * or an `owner` or `editor` of the workspace.
 */
export const Alert = z.object({
  code: z.enum(alertCodes),
  /** What is wrong and what to do, in plain words. */
  text: z.string(),
  who: z.enum(["operator", "instance_admin", "owner", "editor"]),
  /** The send that is concerned, if it is one send. */
  sendId: Uuid.nullable(),
  since: Timestamp,
});
export type Alert = z.infer<typeof Alert>;

export const ChannelLimit = z.object({
  channel: ChannelName,
  /** Messages a minute; null sends as fast as the provider takes them. */
  perMinute: z.number().int().nullable(),
  /** How many messages may leave at this moment; null without a limit. */
  free: z.number().int().nullable(),
  /**
   * Until when nothing is sent on this channel, because its provider kept failing or asked for a pause; null if the
   * channel is open.
   */
  closedUntil: Timestamp.nullable(),
  /** What keeps the provider from taking messages, since when, and its own words; null while it takes them. */
  trouble: z.object({ reason: z.enum(reasonCodes), text: z.string(), since: Timestamp }).nullable(),
});
export type ChannelLimit = z.infer<typeof ChannelLimit>;

/** The work of a workspace. It is read from counters, so its cost does not grow with the number of executions. */
export const Queue = z.object({
  at: Timestamp,
  active: z.number().int(),
  ...Places,
  /** Messages of the last day that may or may not have arrived. They are never sent again by themselves. */
  unknownMessages: z.number().int(),
  /** How many seconds the oldest due work has been due; 0 if no work is due. */
  oldestDueSeconds: z.number(),
  /** How many workers of this instance are alive. */
  workers: z.number().int(),
  lanes: z.object({
    /** How many chunks of this workspace may be worked on at once. */
    limit: z.number().int(),
    used: z.number().int(),
  }),
  messages: z.object({
    /** Messages that one contact may get within a day. */
    perContactDay: z.number().int(),
    /** Messages that may leave within an hour, and how many have left in the hour that is counted now. */
    perHour: z.number().int(),
    usedThisHour: z.number().int(),
    /** When the next hour begins; null while no message has left. */
    nextHourAt: Timestamp.nullable(),
    /** The same of a day, which begins with its first message. */
    perDay: z.number().int(),
    usedThisDay: z.number().int(),
    nextDayAt: Timestamp.nullable(),
  }),
  channels: z.array(ChannelLimit),
  /** The first two hundred sends that are not over, newest first. */
  sends: z.array(QueuedSend),
  alerts: z.array(Alert),
});
export type Queue = z.infer<typeof Queue>;

/** A field that is left out stays as it is. A change applies at once, also to sends under way. */
export const QueueLimits = z
  .strictObject({
    lanes: z.number().int().min(1).max(64).optional(),
    channels: z
      .array(z.strictObject({ channel: ChannelName, perMinute: z.number().int().min(1).max(1_000_000).nullable() }))
      .max(channels.length)
      .refine((all) => new Set(all.map(({ channel }) => channel)).size === all.length, "names a channel twice")
      .optional(),
    /** A null takes a limit back to the usual one. */
    messages: z
      .strictObject({
        perContactDay: z.number().int().min(1).max(messageLimits.perContactDay.most).nullable().optional(),
        perHour: z.number().int().min(1).max(messageLimits.perHour.most).nullable().optional(),
        perDay: z.number().int().min(1).max(messageLimits.perDay.most).nullable().optional(),
      })
      .refine((limits) => Object.values(limits).some((limit) => limit !== undefined), "name perContactDay, perHour or perDay")
      .optional(),
  })
  .refine(
    ({ lanes, channels, messages }) => lanes !== undefined || channels !== undefined || messages !== undefined,
    "name lanes, channels or messages",
  );
export type QueueLimits = z.infer<typeof QueueLimits>;
