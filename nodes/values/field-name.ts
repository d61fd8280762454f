import { z } from "zod";
import { contactNames, spellings } from "#contract/contact-fields.ts";
import { customKey } from "#contract/custom-fields.ts";
import { splitField, writeFieldPath } from "#contract/field-path.ts";
import { findNearestContactName } from "#contract/nearest-name.ts";
import { isForbiddenName } from "#contract/paths.ts";

const path = /^(metadata|custom|trigger|input|variables|steps)(\.[^.\s]{1,100}|\["[^"]([^"]|"")*"\]|\['[^']([^']|'')*'\]){1,10}$/;
const isPath = (field: string) => path.test(field) && !splitField(field).some(isForbiddenName);

const spelled = new Map<string, string>(spellings);

/** The name of a field as the rest of the product knows it: `contact.first_name` is `firstname`. */
export function plainField(field: string): string {
  const own = field.replace(/^contact\./, "");
  return spelled.get(own) ?? own;
}

/** Whether only a running flow knows the value of a field. */
export const isKnownByRun = (field: string): boolean => /^(trigger|input|variables|steps)\b/.test(field);

/** What is wrong with a name of a field, for a schema's own check. `suggestion` is the name that was probably meant. */
export function fieldProblem(field: string) {
  const near = findNearestContactName(field);
  const suggestion =
    near ?? (/^[\p{L}_]/u.test(field) && !field.includes(".") ? writeFieldPath(["custom", customKey(field) ?? field]) : undefined);
  const hint =
    suggestion === undefined
      ? " Use a field of the contact, custom.…, input.…, metadata.…, trigger.…, variables.… or steps.…"
      : ` Did you mean ${suggestion}?`;
  return {
    code: "custom",
    message: `"${field.slice(0, 60)}" is not a field of a contact.${hint}`,
    params: { code: "unknown_field", suggestion },
  } as const;
}

/**
 * A field that a flow may look at: one of the contact, or `custom.x`, `metadata.x`, `trigger.x`, `input.x`, `variables.x` and
 * `steps.key.x` to any depth. A name with blanks or dots stands in brackets: `custom["Company Name"]`.
 */
export const FieldName = z
  .string()
  .max(300)
  .transform(plainField)
  .superRefine((field, context) => {
    if (!contactNames.includes(field) && !isPath(field)) context.addIssue(fieldProblem(field));
  });
