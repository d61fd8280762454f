import { z } from "zod";
import { FlowNode } from "./flows.ts";
import { PreviewedContact } from "./message-previews.ts";
import { Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";
import { GivenValues } from "./webhook-trials.ts";

/** A step that changes the contact or keeps a value, as it is being written, and for whom it is tried. */
export const StepResultQuestion = z.strictObject({
  flowId: Uuid,
  node: FlowNode,
  contactId: PreviewedContact.default("newest"),
  values: GivenValues,
});
export type StepResultQuestion = z.input<typeof StepResultQuestion>;

/** What the step would do if the contact came to it now. */
export const StepResult = z.object({
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  newer: Uuid.nullable(),
  older: Uuid.nullable(),
  /** What the history would keep of it, by the keys of its type: the fields as they were and as they would become. */
  result: z.record(z.string(), z.unknown()),
  /** Why it could not be done; null where it could. */
  reason: z.enum(reasonCodes).nullable(),
  problem: z.string().nullable(),
});
export type StepResult = z.infer<typeof StepResult>;
