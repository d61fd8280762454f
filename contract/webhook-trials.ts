import { z } from "zod";
import { FlowNode } from "./flows.ts";
import { PreviewedContact } from "./message-previews.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** A step reads some of them; a flow has no more variables. */
const mostGivenValues = 500;

/** What earlier steps and the start of the flow would have left, by the names with which the step reads it. */
export const GivenValues = z
  .record(z.string().min(1).max(300), z.string().max(2000))
  .refine((values) => Object.keys(values).length <= mostGivenValues, `No more than ${mostGivenValues} values can be given`)
  .default({});

/** A step that calls an address, as it is being written, and for whom it is tried. */
export const WebhookTrialQuestion = z.strictObject({
  flowId: Uuid,
  node: FlowNode,
  contactId: PreviewedContact.default("newest"),
  values: GivenValues,
});
export type WebhookTrialQuestion = z.input<typeof WebhookTrialQuestion>;

const Header = z.object({ name: z.string(), value: z.string() });
export type TrialHeader = z.infer<typeof Header>;

export const WebhookTrial = z.object({
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  /** `not_filled`: a value is missing or cannot stand where it is used, and nothing was called. */
  outcome: z.enum(["answered", "refused", "unreachable", "timeout", "not_filled"]),
  /** Why there is no answer. */
  message: z.string().nullable(),
  /** Merge fields that have no value. */
  missing: z.array(z.string()),
  /** What was sent, or would have been. A secret stands there by its name, as {{ secrets.name }}. */
  sent: z.object({ method: z.string(), url: z.string(), headers: z.array(Header), body: z.string().nullable() }).nullable(),
  status: z.number().int().nullable(),
  durationMs: z.number().int(),
  headers: z.array(Header),
  /** The beginning of the answer; `isCut`: there was more. */
  body: z.string(),
  isCut: z.boolean(),
  /** The exit by which a contact would go on; null where the call would be made again first. */
  exit: z.string().nullable(),
});
export type WebhookTrial = z.infer<typeof WebhookTrial>;

/** For so long the last answer of a try is kept. */
export const sampleDays = 7;

/** The last answer to a step that was tried: for the choice of values, and for simulations. Its headers are not kept. */
export const WebhookSample = z.object({
  nodeId: z.string(),
  status: z.number().int(),
  body: z.string(),
  isCut: z.boolean(),
  triedByName: z.string().nullable(),
  triedAt: Timestamp,
});
export type WebhookSample = z.infer<typeof WebhookSample>;
