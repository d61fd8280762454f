import { z } from "zod";
import { ChannelName, channels } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { SendStart, sendStates } from "./sends.ts";

/**
 * Where the executions of a send, or of all sends of a workspace, stand now. Every active one is in exactly one place:
 * active = executing + queued + waiting + held. Of those that wake at the same time no more than 10,000 are looked at;
 * what is beyond counts as waiting until then.
 */
const Places = {
  /** In the hands of a worker. */
  executing: z.number().int(),
  /** Could go on at once, and waits for its turn. */
  queued: z.number().int(),
  /** For a time: a delay, sending hours, the start of a send, the next try. */
  waiting: z.number().int(),
  /** Goes on when somebody says so: its send is paused. */
  held: z.number().int(),
};

export const QueuedSend = z.object({
  id: Uuid,
  flowName: z.string(),
  state: z.enum(sendStates),
  isTest: z.boolean(),
  createdAt: Timestamp,
  /** When it begins, if it was planned. */
  start: SendStart.nullable(),
  total: z.number().int(),
  active: z.number().int(),
  ...Places,
});
export type QueuedSend = z.infer<typeof QueuedSend>;

export const alertCodes = ["late", "no_worker", "unknown_messages", "provider_down", "send_stuck", "sending_held", "engine"] as const;
export type AlertCode = (typeof alertCodes)[number];

/** Something that may not mend itself. `who` can: `operator` runs this instance, `owner` and `editor` are of the workspace. */
export const Alert = z.object({
  code: z.enum(alertCodes),
  /** What is so, and what to do, in plain words. */
  text: z.string(),
  who: z.enum(["operator", "owner", "editor"]),
  /** The send it is about, where it is about one. */
  sendId: Uuid.nullable(),
  since: Timestamp,
});
export type Alert = z.infer<typeof Alert>;

export const ChannelLimit = z.object({
  channel: ChannelName,
  /** Messages a minute; null: as fast as the provider takes them. */
  perMinute: z.number().int().nullable(),
  /** How many may leave at this moment; null without a limit. */
  free: z.number().int().nullable(),
  /** Until when nothing is sent on this channel because its provider kept failing or asked for a pause; null: it is open. */
  closedUntil: Timestamp.nullable(),
});

/** What a workspace has under way. Read from counters: its cost does not grow with the number of executions. */
export const Queue = z.object({
  at: Timestamp,
  active: z.number().int(),
  ...Places,
  /** Messages of the last day of which nobody knows whether they arrived. They are never sent again by themselves. */
  unknownMessages: z.number().int(),
  /** For how long what is due first has been due; 0 when nothing is. */
  oldestDueSeconds: z.number(),
  /** Workers of this instance that are alive. */
  workers: z.number().int(),
  lanes: z.object({
    /** How many chunks of this workspace may be worked on at once. */
    limit: z.number().int(),
    used: z.number().int(),
  }),
  channels: z.array(ChannelLimit),
  /** Sends that are not over, newest first; the first two hundred. */
  sends: z.array(QueuedSend),
  alerts: z.array(Alert),
});
export type Queue = z.infer<typeof Queue>;

/** What is left out stays. In force at once, for what is under way too. */
export const QueueLimits = z
  .strictObject({
    lanes: z.number().int().min(1).max(64).optional(),
    channels: z
      .array(z.strictObject({ channel: ChannelName, perMinute: z.number().int().min(1).max(1_000_000).nullable() }))
      .max(channels.length)
      .refine((all) => new Set(all.map(({ channel }) => channel)).size === all.length, "names a channel twice")
      .optional(),
  })
  .refine(({ lanes, channels }) => lanes !== undefined || channels !== undefined, "name lanes or channels");
export type QueueLimits = z.infer<typeof QueueLimits>;
