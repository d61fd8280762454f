import { z } from "zod";
import { parseTemplate } from "#contract/template.ts";

/** Reports every merge field of a text that cannot be read. */
export function reportUnreadable(text: string, context: z.RefinementCtx): boolean {
  const { problems } = parseTemplate(text);
  for (const { message, suggestion } of problems) {
    context.addIssue({ code: "custom", message, params: { code: "bad_merge_field", suggestion } });
  }
  return problems.length > 0;
}

/** Text with merge fields that can be read. Whether the fields exist is asked when a flow is saved or sent: nodes/graph/check-fields.ts. */
export const templateText = (longest: number) =>
  z
    .string()
    .max(longest)
    .superRefine((text, context) => void reportUnreadable(text, context));

/** Text with merge fields that must not be empty. */
export const requiredTemplateText = (longest: number, what: string) =>
  templateText(longest).refine((text) => text.trim() !== "", `${what} is empty`);

/** Whether the execution stops or goes on when a message that should have been sent could not be. */
export const onError = z.enum(["stop", "continue"]).default("stop");

/** Seconds after the step was reached within which its message leaves or not at all. */
export const notLaterThanSeconds = z
  .number()
  .int()
  .min(60)
  .max(366 * 86_400)
  .optional();
