import { z } from "zod";
import { executionStatuses, stepStatuses } from "./executions.ts";
import { ChannelName } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/** A forecast that is answered at once looks at so many contacts at most. */
export const mostForecast = 2_000;

const ByReason = z.array(z.object({ reason: z.enum(reasonCodes), contacts: z.number().int() }));

/** What a forecast takes for granted, because nobody can know it. */
export const assumptions = ["nobody_acts", "webhook_succeeds", "other_flow_starts"] as const;

/**
 * What a send would do if it began now: every contact walked through the flow by the engine's own code, on the contacts as they
 * are. Figures count contacts where they do not say messages.
 */
export const Forecast = z.object({
  /** When the contacts were looked at. */
  at: Timestamp,
  total: z.number().int(),
  willStart: z.number().int(),
  willNotStart: ByReason,
  /** Who starts and gets no message, although the flow has messages. */
  nothing: z.number().int(),
  channels: z.array(
    z.object({
      channel: ChannelName,
      messages: z.number().int(),
      /** How many parts the network bills; null on a channel that bills none. */
      segments: z.number().int().nullable(),
      /** Who gets at least one. */
      contacts: z.number().int(),
    }),
  ),
  /** The nodes at which a contact comes by. */
  nodes: z.array(
    z.object({
      nodeId: z.string(),
      type: z.string(),
      /** The name that its author gave it, or that of its type. */
      label: z.string(),
      channel: ChannelName.nullable(),
      contacts: z.number().int(),
      messages: z.number().int(),
      segments: z.number().int().nullable(),
      /** Who comes here and gets no message, or whose step is skipped or fails. */
      refused: ByReason,
    }),
  ),
  /** When the first and the last message leaves, if none is late; null where none does. */
  firstAt: Timestamp.nullable(),
  lastAt: Timestamp.nullable(),
  /** Messages by hour, or by day or month where they are far apart, on the workspace's clock. */
  moments: z.object({
    every: z.enum(["hour", "day", "month"]),
    zone: z.string(),
    counts: z.array(z.object({ at: Timestamp, sms: z.number().int(), email: z.number().int() })),
  }),
  ends: z.array(
    z.object({
      nodeId: z.string(),
      status: z.enum(executionStatuses),
      reason: z.enum(reasonCodes).nullable(),
      contacts: z.number().int(),
    }),
  ),
  assumed: z.array(z.object({ assumption: z.enum(assumptions), nodeId: z.string(), contacts: z.number().int() })),
  /** Who was not followed to the end, because the flow goes round for too long. */
  unfinished: z.number().int(),
});
export type Forecast = z.infer<typeof Forecast>;

/** So many contacts of a forecast are named at most. */
export const mostForecastNames = 200;

export const ForecastContacts = z.object({
  /** The first ones, in the order in which they would be enrolled. */
  items: z.array(z.object({ contactId: Uuid, name: z.string().nullable() })),
  total: z.number().int(),
});
export type ForecastContacts = z.infer<typeof ForecastContacts>;

/** The way of one contact, as the history would show it. */
export const ContactForecast = z.object({
  contactId: Uuid,
  name: z.string().nullable(),
  /** Why the contact does not start; null where it does. */
  notStarted: z.enum(reasonCodes).nullable(),
  steps: z.array(
    z.object({
      nodeId: z.string(),
      type: z.string(),
      /** The name that its author gave it, or that of its type. */
      label: z.string(),
      visit: z.number().int(),
      attempt: z.number().int(),
      status: z.enum(stepStatuses),
      exit: z.string().nullable(),
      reason: z.enum(reasonCodes).nullable(),
      at: Timestamp,
      /** Until when the contact rests here. */
      until: Timestamp.nullable(),
      assumed: z.enum(assumptions).nullable(),
      /** The message that leaves here. */
      message: z
        .object({
          channel: ChannelName,
          to: z.string(),
          subject: z.string().nullable(),
          text: z.string(),
          html: z.string().nullable(),
          segments: z.number().int().nullable(),
        })
        .nullable(),
    }),
  ),
  end: z.object({ status: z.enum(executionStatuses), reason: z.enum(reasonCodes).nullable() }).nullable(),
});
export type ContactForecast = z.infer<typeof ContactForecast>;
