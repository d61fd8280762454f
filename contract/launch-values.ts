import { z } from "zod";
import { FlowInputs } from "./flow-inputs.ts";
import { Uuid } from "./pagination.ts";

/** So many contacts may have values of their own in one send. */
export const mostOwnValues = 500;

const Scalar = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);
const Name = z.string().min(1).max(100);
const byName = <Value extends z.ZodType>(value: Value) =>
  z.record(Name, value).refine((values) => Object.keys(values).length <= 100, "At most 100 values");

/** What stands in a field of each contact; `fallback` where nothing that fits stands there. */
export const FromField = z.strictObject({ field: z.string().min(1).max(300), fallback: Scalar.optional() });
export type FromField = z.infer<typeof FromField>;

/** What a flow asks for, by name: one value for all contacts, or from a field of each. */
export const LaunchValues = byName(z.union([Scalar, FromField]));
export type LaunchValues = z.infer<typeof LaunchValues>;

/** Values of single contacts. They go before those for all. */
export const OwnValues = z
  .array(z.strictObject({ contactId: Uuid, values: byName(Scalar) }))
  .max(mostOwnValues, `At most ${mostOwnValues} contacts can have values of their own in one send. Use a field of the contacts for more.`);
export type OwnValues = z.infer<typeof OwnValues>;

/** The values of a send: what `input.…` is in the texts of its flow. */
export const launchShape = {
  values: LaunchValues.optional(),
  contactValues: OwnValues.optional(),
  /**
   * What the flow asked for when it was looked at. If it asks for something else since, the answer is `inputs_changed` and nothing is
   * sent.
   */
  seenInputs: FlowInputs.optional(),
};
export interface Launch {
  values?: LaunchValues | undefined;
  contactValues?: OwnValues | undefined;
  seenInputs?: z.infer<typeof FlowInputs> | undefined;
}

export const isFromField = (value: unknown): value is FromField => typeof value === "object" && value !== null && "field" in value;
