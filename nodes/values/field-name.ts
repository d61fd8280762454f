import { z } from "zod";
import { isForbiddenName } from "#contract/paths.ts";

/** What a flow may look at: a column of the contact, or `metadata.x`, `trigger.x`, `variables.x` and `steps.key.x` to any depth. */
const columns: readonly string[] = [
  "name",
  "firstname",
  "lastname",
  "email",
  "phone",
  "phone_number",
  "lead_status",
  "conversation_status",
  "time_zone",
  "sms_opted_out",
  "email_opted_out",
  "dnc",
  "created_at",
  "updated_at",
];

const path = /^(metadata|trigger|variables|steps)(\.[^.\s]{1,100}){1,10}$/;
const isPath = (field: string) => path.test(field) && !field.split(".").some(isForbiddenName);

export const FieldName = z
  .string()
  .max(300)
  .transform((field) => field.replace(/^contact\./, ""))
  .refine((field) => columns.includes(field) || isPath(field), {
    error: (issue) =>
      `"${String(issue.input).slice(0, 60)}" is not a field: use a field of the contact, metadata.…, trigger.…, variables.… or steps.…`,
  });
