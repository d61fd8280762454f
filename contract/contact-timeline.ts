import { z } from "zod";
import { Consent } from "./consents.ts";
import { ConversationMessage } from "./conversations.ts";
import { executionStatuses, stepStatuses } from "./executions.ts";
import { ChannelName, messageStatuses } from "./messages.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/** What a time line can be narrowed to. */
export const timelineKinds = ["messages", "replies", "flows", "steps", "clicks", "consents"] as const;
export type TimelineKind = (typeof timelineKinds)[number];

const entry = { id: Uuid, at: Timestamp };
/** In which flow it happened; null where a person did it, or where the flow is gone. */
const inFlow = { executionId: Uuid.nullable(), flowName: z.string().nullable() };
const reason = z.enum(reasonCodes).nullable();

/** One thing that happened with a contact. Texts are cut where they are long; the conversation has them whole. */
export const TimelineEntry = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("message"),
    ...entry,
    ...inFlow,
    channel: ChannelName,
    subject: z.string().nullable(),
    text: z.string().nullable(),
    status: z.enum(messageStatuses),
    /** A name of `channels/providers.ts`, or one that an earlier version had. */
    provider: z.string(),
    reason,
    isTest: z.boolean(),
  }),
  z.object({
    kind: z.literal("reply"),
    ...entry,
    ...inFlow,
    channel: ChannelName,
    text: z.string().nullable(),
    word: ConversationMessage.shape.word,
    automatic: z.boolean(),
  }),
  z.object({ kind: z.literal("begun"), ...entry, ...inFlow, isTest: z.boolean() }),
  z.object({ kind: z.literal("ended"), ...entry, ...inFlow, status: z.enum(executionStatuses), reason, isTest: z.boolean() }),
  z.object({
    kind: z.literal("step"),
    ...entry,
    ...inFlow,
    nodeType: z.string(),
    label: z.string(),
    status: z.enum(stepStatuses),
    exit: z.string().nullable(),
    reason,
    isTest: z.boolean(),
  }),
  /** That a link of a message was followed first, or its picture loaded, where that is noted. */
  z.object({
    kind: z.literal("tracked"),
    ...entry,
    ...inFlow,
    channel: ChannelName,
    what: z.enum(["click", "open"]),
    /** Null of a picture. */
    url: z.string().nullable(),
    /** How often until now. */
    times: z.number().int(),
  }),
  z.object({
    kind: z.literal("consent"),
    ...entry,
    channel: Consent.shape.channel,
    state: Consent.shape.state,
    source: Consent.shape.source,
    evidence: Consent.shape.evidence,
    actorName: Consent.shape.actorName,
  }),
]);
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const TimelineQuery = z.strictObject({
  ...PageQuery.shape,
  /** One or more kinds, separated by commas; all of them where it is left out. */
  kinds: z
    .string()
    .max(200)
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(timelineKinds)).min(1))
    .optional(),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;
