import { z } from "zod";
import { GivenTimestamp } from "./date-bounds.ts";
import { executionStatuses, stepStatuses, type WaitingFor, waitingFor } from "./executions.ts";
import { assumptions } from "./forecasts.ts";
import { ChannelName } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/** A plan names so many of the flows that a contact is in, and so many of the steps that follow in each. */
export const planLimits = { executions: 20, steps: 10 } as const;

/** Waits that a person may end or move. The others end when somebody else has answered. */
const endable: readonly WaitingFor[] = ["time", "event", "reply", "window"];
export const isEndableByPerson = (kind: WaitingFor | null): boolean => kind !== null && endable.includes(kind);

/** The wait that a person has before their eyes. What they do about it holds for this one only. */
export const SeenWait = z.strictObject({
  visit: z.int().min(0),
  attempt: z.int().min(1),
  until: GivenTimestamp,
});
export type SeenWait = z.infer<typeof SeenWait>;

export const RescheduleWait = z.strictObject({ ...SeenWait.shape, at: GivenTimestamp });

const PlannedStep = z.object({
  nodeId: z.string(),
  type: z.string(),
  label: z.string(),
  at: Timestamp,
  /** Until when the contact rests here. */
  until: Timestamp.nullable(),
  status: z.enum(stepStatuses),
  reason: z.enum(reasonCodes).nullable(),
  assumed: z.enum(assumptions).nullable(),
  channel: ChannelName.nullable(),
});

/** A plan tells for each flow of a contact where they stand in it, and what follows if nothing changes. */
export const PlannedExecution = z.object({
  executionId: Uuid,
  flowId: Uuid,
  flowName: z.string(),
  isTest: z.boolean(),
  /** The send is paused: nothing happens before it is resumed. */
  isPaused: z.boolean(),
  nodeId: z.string().nullable(),
  label: z.string().nullable(),
  waitingFor: z.enum(waitingFor).nullable(),
  since: Timestamp.nullable(),
  /** When it goes on; null where it is not known or where it goes on now. */
  until: Timestamp.nullable(),
  /** What is to be sent back to change the wait; null where there is none that a person may change. */
  wait: z.object({ visit: z.int(), attempt: z.int(), until: Timestamp, mayMove: z.boolean() }).nullable(),
  steps: z.array(PlannedStep),
  /** More steps follow than are named. */
  hasMore: z.boolean(),
  end: z.object({ at: Timestamp, status: z.enum(executionStatuses), reason: z.enum(reasonCodes).nullable() }).nullable(),
});
export type PlannedExecution = z.infer<typeof PlannedExecution>;

export const ContactPlan = z.object({
  items: z.array(PlannedExecution),
  /** The contact is in more flows than are named. */
  hasMore: z.boolean(),
});
export type ContactPlan = z.infer<typeof ContactPlan>;
