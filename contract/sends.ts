import { z } from "zod";
import { LocalTime } from "./date-bounds.ts";
import { ChannelName } from "./messages.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";
import { SendCanary } from "./send-canary.ts";

export const sendStates = ["enrolling", "canary", "running", "paused", "stopped", "undone", "done", "awaiting_approval"] as const;
export type SendState = (typeof sendStates)[number];

/** Whether executions of a send may go on. In `canary` those are the few with whom it begins. */
export const goingStates = ["enrolling", "canary", "running"] as const satisfies SendState[];
export const isSendGoing = (state: SendState): boolean => goingStates.some((one) => one === state);

/** Whether a send is over for good: nothing of it begins any more. Messages in flight may still be answered. */
export const isSendOver = (state: SendState): boolean => state === "done" || state === "stopped" || state === "undone";

/**
 * What began an execution. The founding document names `scheduled`, `webhook` and `trigger_workflow_task`, and rows from
 * before Sluice may hold them. Starts will write `scheduled` and `webhook`; nothing writes `trigger_workflow_task`.
 */
export const sources = ["manual", "bulk", "scheduled", "api", "webhook", "flow", "trigger_workflow_task"] as const;
export type Source = (typeof sources)[number];

/** When the first executions of a send begin. */
export const SendStart = z.strictObject({
  at: LocalTime,
  /**
   * The clock that `at` is read on. `contact` uses each contact's own zone, and the workspace's zone for contacts whose
   * zone is not known.
   */
  zone: z.enum(["workspace", "contact"]).default("workspace"),
});
export type SendStart = z.infer<typeof SendStart>;

const HourAndMinute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must look like 09:30");

/** Starts so many contacts at a time instead of all at once. Days and hours are read on the workspace's clock. */
export const Drip = z.strictObject({
  count: z.number().int().min(1).max(100_000),
  everySeconds: z
    .number()
    .int()
    .min(10)
    .max(7 * 86_400),
  /** Days on which executions may begin: 1 Monday … 7 Sunday. */
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
  /**
   * Hours in which executions may begin. If `to` is before `from`, the hours go through the night. If it is left out,
   * they may begin all day.
   */
  hours: z
    .strictObject({ from: HourAndMinute, to: HourAndMinute })
    .refine(({ from, to }) => from !== to, "from and to are the same")
    .optional(),
});
export type Drip = z.infer<typeof Drip>;

/**
 * To whom nothing of a flow can go, counted before it is sent. It assumes that every contact comes to every message of the
 * flow; which way each of them goes is not looked at.
 */
export const SendPreview = z.object({
  /** How many contacts the selection means now; named ids of deleted contacts are among them. */
  total: z.number().int(),
  /** How many of them get no message at all: those that do not enter the flow, and those that no channel can reach. */
  nothing: z.number().int(),
  /**
   * How many contacts were picked at random and looked at, where the selection is large: `total` is exact then, and all other
   * figures are estimates. Null where every contact was looked at and every figure is exact.
   */
  sampled: z.number().int().nullable(),
  /** Why contacts do not enter the flow. */
  notEnrolled: z.array(z.object({ reason: z.enum(reasonCodes), contacts: z.number().int() })),
  /** The channels of the flow's messages. */
  channels: z.array(
    z.object({
      channel: ChannelName,
      /** Who enters the flow and cannot be written to on this channel; `nothing` of them not on any other either. */
      refused: z.array(z.object({ reason: z.enum(reasonCodes), contacts: z.number().int(), nothing: z.number().int() })),
    }),
  ),
  /** What the rules of approval ask of the caller beside the number of contacts. */
  approval: z.object({
    /** To how many contacts the caller has sent this flow, or by the rules any flow, within the last hour without an approval. They count towards the number. */
    lately: z.number().int(),
    /** How many people could approve a send of the caller. */
    approvers: z.number().int(),
  }),
});
export type SendPreview = z.infer<typeof SendPreview>;

export const messageOutcomes = ["sent", "captured", "skipped", "failed"] as const;

/** How many messages of a channel left, or did not leave for one reason. */
export const MessageCount = z.object({
  channel: ChannelName,
  /** `sent`: a provider took it. `captured`: it was only kept on this machine, in a test or in test mode. */
  outcome: z.enum(messageOutcomes),
  /** Null where they left. */
  reason: z.enum(reasonCodes).nullable(),
  count: z.number().int(),
});
export type MessageCount = z.infer<typeof MessageCount>;

/**
 * A send and its exact totals:
 * - selected = enrolled + notEnrolled, once the state is past "enrolling"
 * - enrolled = completed + failed + partialFailure + cancelled + active
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
  /** How many contacts the selection matched when the send was accepted. */
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
  /** Until then nothing leaves and the send can be undone; null if it could not be undone. */
  undoUntil: Timestamp.nullable(),
  start: SendStart.nullable(),
  /**
   * The moment of `start` on the workspace's clock, or of the next round of a drip; null if the send waits for neither, and while the
   * rest of a drip waits for its first contacts, because nobody knows then when it follows (`canary.decidesAt`).
   */
  nextAt: Timestamp.nullable(),
  drip: Drip.nullable(),
  /** When the first contacts of a drip begin, while none of them has; null afterwards and for a send that is no drip. */
  firstRoundAt: Timestamp.nullable(),
  /** No message leaves after this moment; null if there is no end. */
  notLaterThan: Timestamp.nullable(),
  /** Whether an address gets the messages of one contact only. */
  oncePerAddress: z.boolean(),
  /** How many contacts at least one message has left for. Null if the send is older than this count. */
  reached: z.number().int().nullable(),
  /** How many contacts the send has ended for although no message could leave for them. */
  unreached: z.number().int().nullable(),
  /** How many of these are among `completed`: their flow came to its end all the same. */
  completedUnreached: z.number().int().nullable(),
  /**
   * How many contacts had their messages only kept on this machine, because the send is a test (`isTest`) or a channel is in
   * test mode. They are neither in `reached` nor in `unreached`.
   */
  captured: z.number().int().nullable(),
  /** How many of these are among `completed`. */
  completedCaptured: z.number().int().nullable(),
  /** All messages of the send by channel and outcome. */
  messageCounts: z.array(MessageCount),
  /** When the send was last paused, stopped or undone, and by whom. */
  changedAt: Timestamp.nullable(),
  changedByName: z.string().nullable(),
  /** The forecast that was looked at before, while it is kept. */
  forecastId: Uuid.nullable(),
  /** What became of the approval that the send needed; absent if it needed none. */
  approval: z.enum(["asked", "approved", "refused", "withdrawn"]).optional(),
  /** The send brought a graph that was not the flow's, and the flow only gave its name; absent if it follows the flow. */
  hasOwnGraph: z.literal(true).optional(),
  /** The few with whom it begins before the rest; null for a send that begins with everybody. */
  canary: SendCanary.nullable(),
});
export type Send = z.infer<typeof Send>;

export const SendListQuery = z.strictObject({
  ...PageQuery.shape,
  flowId: Uuid.optional(),
  state: z.enum(sendStates).optional(),
  /** Only sends that executions of this send made by starting other flows. */
  parentSendId: Uuid.optional(),
  /** `true` also lists sends that flows made. If it is left out, only sends of people and programs are listed. */
  startedByFlows: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
});
