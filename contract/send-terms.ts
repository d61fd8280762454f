import { z } from "zod";
import { Exclusions, SendCondition } from "./who-not.ts";

const Value = z.union([z.string(), z.number(), z.boolean()]);

/** What a send was told beside its flow and its contacts, as it was set when it was made. */
export const SendTerms = z.object({
  exclude: Exclusions.nullable(),
  condition: SendCondition.nullable(),
  /** What the flow asked for. Of a value that is read from a field of each contact `field` names it. */
  values: z.array(
    z.object({
      name: z.string(),
      /** As the flow of this send calls it. */
      label: z.string(),
      value: Value.nullable(),
      field: z.string().nullable(),
      fallback: Value.nullable(),
    }),
  ),
  /** How many contacts had values of their own. Each of them stands in the history of its contact. */
  ownValues: z.number().int(),
});
export type SendTerms = z.infer<typeof SendTerms>;
