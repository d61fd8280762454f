import { z } from "zod";
import { measureValue } from "./measure-value.ts";

/**
 * The limits of data whose fields people name themselves: the custom fields of a contact and the values that a send hands
 * to a flow. A condition may compare each value with each value of its own, so the number of values is limited, and not
 * only the bytes.
 */
export const freeDataLimits = { characters: 64 * 1024, values: 2_000, nesting: 10, nameLength: 100 } as const;

const words = {
  text: `They are longer than ${freeDataLimits.characters / 1024} KiB together`,
  keys: `They are more than ${freeDataLimits.values.toLocaleString("en")} values together, with those in lists`,
  nesting: `They are nested deeper than ${freeDataLimits.nesting} levels`,
  forbidden_name: "One of the names is not allowed",
} as const;

/** Says what is wrong with the fields, in a sentence for the person who sent them; undefined where they are within the limits. */
export function freeDataProblem(value: unknown): string | undefined {
  const { characters, values, nesting } = freeDataLimits;
  const { problem } = measureValue(value, { text: characters, keys: values, nesting });
  return problem && words[problem];
}

/** Fields that people name themselves. */
export const FreeData = z.record(z.string().max(freeDataLimits.nameLength), z.unknown()).superRefine((value, context) => {
  const message = freeDataProblem(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
