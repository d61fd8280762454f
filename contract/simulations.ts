import { z } from "zod";
import { Contact, ContactInput, ContactPatch } from "./contacts.ts";
import { GivenTimestamp } from "./date-bounds.ts";
import { executionStatuses, Step } from "./executions.ts";
import { FlowGraph } from "./flows.ts";
import { FreeData } from "./free-data.ts";
import { ChannelName, messageStatuses } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/** One simulation goes no further than this; its answer then says so. */
export const simulationLimits = { steps: 1000, days: 366, seconds: 5, atOnce: 2, waitSeconds: 15 } as const;

const AfterSeconds = z
  .number()
  .int()
  .min(0)
  .max(simulationLimits.days * 24 * 3600);

const { consent: _, ...changeable } = ContactPatch.shape;

/** What happens while the contact is in the flow, so many seconds after the start. */
export const SimulationEvent = z.discriminatedUnion("type", [
  /** The contact opts out of a channel themselves, as by the word STOP; `all` is both channels. */
  z.strictObject({ type: z.literal("stop"), afterSeconds: AfterSeconds, channel: z.enum([...ChannelName.options, "all"]) }),
  /** The contact writes. What they write is acted on as if it came in: a word such as STOP is no reply. */
  z.strictObject({
    type: z.literal("reply"),
    afterSeconds: AfterSeconds,
    channel: ChannelName,
    text: z.string().max(2_000),
  }),
  /** Somebody changes the contact. What is left out stays as it is. */
  z.strictObject({
    type: z.literal("change"),
    afterSeconds: AfterSeconds,
    fields: z.strictObject(changeable).refine((fields) => Object.keys(fields).length > 0, "Nothing to change was given"),
  }),
]);
export type SimulationEvent = z.infer<typeof SimulationEvent>;

/** What a webhook step is answered with. `error` is an answer with that status; `timeout` is no answer in time. */
export const ScriptedAnswer = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("success"), status: z.number().int().min(200).max(299).default(200), body: z.unknown().optional() }),
  z.strictObject({ type: z.literal("error"), status: z.number().int().min(300).max(599).default(500), body: z.unknown().optional() }),
  z.strictObject({ type: z.literal("timeout") }),
]);
export type ScriptedAnswer = z.infer<typeof ScriptedAnswer>;

const NodeId = z.string().min(1).max(100);

/** The person, the moment and the script of a simulation. It is also what a test of a flow stores. */
export const SimulationScript = z.strictObject({
  /** A contact of the workspace, or one that is made up for this. */
  contact: z.union([z.strictObject({ id: Uuid }), z.strictObject({ fields: ContactInput })]),
  /** When the contact enters the flow. Now, where it is left out. */
  startAt: GivenTimestamp.optional(),
  /** What starts the flow hands over; its steps read it as `trigger`. What the flow asks for is filled by the values of its names. */
  values: FreeData.optional(),
  events: z.array(SimulationEvent).max(100).default([]),
  /** By the id of the webhook's step. One that is not named is answered with 200 and an empty body. */
  answers: z.record(NodeId, ScriptedAnswer).default({}),
  /** The share that a split is to take, by the id of its step. */
  shares: z.record(NodeId, z.string().min(1).max(100)).default({}),
  /** What is left to chance comes out the same with the same seed. */
  seed: z.string().max(100).default("1"),
});
export type SimulationScript = z.infer<typeof SimulationScript>;

export const SimulationInput = z.strictObject({
  /** What is simulated: what is edited, or what is live. A `graph` of the request goes before both. */
  of: z.enum(["draft", "live"]).default("draft"),
  graph: FlowGraph.optional(),
  ...SimulationScript.shape,
});
export type SimulationInput = z.infer<typeof SimulationInput>;

/** A message as it would have left. */
export const SimulatedMessage = z.object({
  channel: ChannelName,
  to: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  segments: z.number().int().nullable(),
  status: z.enum(messageStatuses),
});
export type SimulatedMessage = z.infer<typeof SimulatedMessage>;

/** One visit to a step, at virtual times. `result` holds the values that a decision has compared. */
export const SimulatedStep = Step.omit({ id: true, executionId: true }).extend({
  /** The flow of the step: the simulated one, or one that it has started. */
  flowId: Uuid,
  flowName: z.string(),
  message: SimulatedMessage.nullable(),
});
export type SimulatedStep = z.infer<typeof SimulatedStep>;

/** A webhook call as it would have been made, without the values of secrets, and what it was answered with. */
export const SimulatedCall = z.object({
  nodeId: z.string(),
  at: Timestamp,
  method: z.string(),
  url: z.string(),
  body: z.string().nullable(),
  answer: ScriptedAnswer,
});
export type SimulatedCall = z.infer<typeof SimulatedCall>;

/**
 * Why a simulation went no further: the contact has left the flow (`over`), nothing more can happen (`waiting`), or it met a
 * limit: 1,000 steps, 366 days, or 5 seconds of work.
 */
export const simulationEnds = ["over", "waiting", "too_many_steps", "too_many_days", "took_too_long"] as const;

export const Simulation = z.object({
  startedAt: Timestamp,
  /** The virtual moment at which it ended. */
  endedAt: Timestamp,
  end: z.enum(simulationEnds),
  /** Null where the contact was not let in; `notEnrolled` then says why. */
  status: z.enum(executionStatuses).nullable(),
  notEnrolled: z.enum(reasonCodes).nullable(),
  endedReason: z.enum(reasonCodes).nullable(),
  errorMessage: z.string().nullable(),
  steps: z.array(SimulatedStep),
  calls: z.array(SimulatedCall),
  /** The variables of the flow, and the contact, as they are at the end. */
  variables: z.record(z.string(), z.unknown()),
  contact: Contact.omit({ id: true, createdAt: true, updatedAt: true }),
  /** The events that came before the end, with their moments. */
  events: z.array(z.object({ at: Timestamp, event: SimulationEvent })),
});
export type Simulation = z.infer<typeof Simulation>;
