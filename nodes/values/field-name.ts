import { z } from "zod";
import { flowFields } from "#contract/contact-fields.ts";
import { isForbiddenName } from "#contract/paths.ts";

const path = /^(metadata|trigger|variables|steps)(\.[^.\s]{1,100}){1,10}$/;
const isPath = (field: string) => path.test(field) && !field.split(".").some(isForbiddenName);

/** A field that a flow may look at: one of the contact, or `metadata.x`, `trigger.x`, `variables.x` and `steps.key.x` to any depth. */
export const FieldName = z
  .string()
  .max(300)
  .transform((field) => field.replace(/^contact\./, ""))
  .refine((field) => flowFields.includes(field) || isPath(field), {
    error: (issue) =>
      `"${String(issue.input).slice(0, 60)}" is not a field: use a field of the contact, metadata.…, trigger.…, variables.… or steps.…`,
  });
