import { z } from "zod";
import { executionStatuses, stepStatuses } from "./executions.ts";
import { ChannelName } from "./messages.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/** A forecast of more contacts than this is walked by a worker and grows while one looks. */
export const forecastAtOnce = 2_000;
/** More contacts than this are not looked at. */
export const mostForecast = 1_000_000;
/** A forecast that a send followed is kept for so many days. */
export const forecastDays = 30;
/** A workspace keeps so many forecasts that no send followed, the last ones. Each holds a row for every contact that was looked at. */
export const keptForecasts = 50;
/** So many forecasts of a workspace are under way at a time. */
export const mostForecastsUnderWay = 3;

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
  /** The same by the reason that comes first on their way; null where no message is on it. */
  nothingBy: z.array(z.object({ reason: z.enum(reasonCodes).nullable(), contacts: z.number().int() })),
  channels: z.array(
    z.object({
      channel: ChannelName,
      messages: z.number().int(),
      /** How many parts the network bills; null on a channel that bills none. */
      segments: z.number().int().nullable(),
      /** Who gets at least one. */
      contacts: z.number().int(),
      /** The channel is in test mode: its messages are kept on this machine. */
      kept: z.boolean(),
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

export const forecastStates = ["waiting", "running", "done", "cancelled", "failed"] as const;
export type ForecastState = (typeof forecastStates)[number];

/** A forecast as it is kept. While it is `running` its figures are those of the contacts looked at so far. */
export const KeptForecast = z.object({
  id: Uuid,
  flowId: Uuid,
  state: z.enum(forecastStates),
  /** How many contacts were selected when it was asked for, and how many of them were looked at. */
  total: z.number().int(),
  looked: z.number().int(),
  /** Null until the first contacts were looked at. */
  forecast: Forecast.nullable(),
  /** Whether the flow was changed after it was walked: what is told here is of the flow as it was. */
  flowChanged: z.boolean(),
  /** Why it failed. */
  errorMessage: z.string().nullable(),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
});
export type KeptForecast = z.infer<typeof KeptForecast>;

/** Whether a forecast does not grow any more. */
export const isForecastOver = ({ state }: Pick<KeptForecast, "state">): boolean => state !== "waiting" && state !== "running";

/**
 * Of whom to tell. `not_starting`: who does not start for this reason. `nothing`: who starts and gets no message for it, or without
 * a reason because none is on their way. `at_node`: who comes to this node and gets nothing there.
 */
export const ForecastContactsQuery = z
  .strictObject({
    ...PageQuery.shape,
    who: z.enum(["not_starting", "nothing", "at_node"]),
    reason: z.enum(reasonCodes).optional(),
    nodeId: z.string().min(1).max(200).optional(),
  })
  .refine(({ who, reason }) => who === "nothing" || reason !== undefined, { path: ["reason"], message: "Name the reason" })
  .refine(({ who, nodeId }) => (who === "at_node") === (nodeId !== undefined), {
    path: ["nodeId"],
    message: "at_node needs a node, and nothing else does",
  });
export type ForecastContactsQuery = z.infer<typeof ForecastContactsQuery>;

/** A contact of a forecast; without a name where it was deleted since. */
export const ForecastContact = z.object({ contactId: Uuid, name: z.string().nullable() });
export type ForecastContact = z.infer<typeof ForecastContact>;

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
