import { z } from "zod";
import { stepStatuses } from "./executions.ts";
import { ChannelName } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

const Outcome = z.object({
  /** Null: whether the contact starts at all. */
  nodeId: z.string().nullable(),
  status: z.enum(stepStatuses),
  reason: z.enum(reasonCodes).nullable(),
});

/** What was forecast of a send beside what came, counted from the rows of both. */
export const SendForecast = z.object({
  forecastId: Uuid,
  /** When the contacts were looked at. */
  forecastAt: Timestamp,
  /** Whether the send follows another version of the flow than the one that was looked at. */
  flowChanged: z.boolean(),
  /** Whether every contact has come to its end. Until then some of what was forecast is still to come. */
  isOver: z.boolean(),
  nodes: z.array(z.object({ nodeId: z.string(), label: z.string(), channel: ChannelName.nullable() })),
  /** How many visits ended so; `nodeId` null counts contacts that started, or did not for a reason. */
  outcomes: z.array(Outcome.extend({ forecast: z.number().int(), came: z.number().int() })),
  /** How many contacts that have come to their end went another way than was forecast. */
  differing: z.number().int(),
});
export type SendForecast = z.infer<typeof SendForecast>;

/** A contact that went another way than was forecast, with the steps in which the two differ. */
export const DifferingContact = z.object({
  contactId: Uuid,
  name: z.string().nullable(),
  forecast: z.array(Outcome),
  came: z.array(Outcome),
  /** What the rows tell of why. */
  because: z.object({
    /** It was not among those who were looked at. */
    isNew: z.boolean(),
    /** It is not among those who were enrolled or left out: it did not match the selection any more. */
    isGone: z.boolean(),
    replied: z.boolean(),
    /** It was changed after it was looked at, by a person or a flow. */
    changed: z.boolean(),
  }),
});
export type DifferingContact = z.infer<typeof DifferingContact>;
