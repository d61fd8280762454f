import { z } from "zod";

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

const path = /^(metadata|trigger|variables|steps)(\.(?!__proto__(\.|$)|constructor(\.|$)|prototype(\.|$))[^.\s]{1,100}){1,10}$/;

export const FieldName = z
  .string()
  .max(300)
  .transform((field) => field.replace(/^contact\./, ""))
  .refine((field) => columns.includes(field) || path.test(field), {
    error: (issue) =>
      `"${String(issue.input).slice(0, 60)}" is not a field: use a field of the contact, metadata.…, trigger.…, variables.… or steps.…`,
  });
