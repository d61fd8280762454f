import { z } from "zod";
import { parseTemplate } from "#contract/template.ts";

/** Text with merge fields. It is refused while the flow is drawn where a field could never be filled in. */
export const templateText = (longest: number) =>
  z
    .string()
    .max(longest)
    .superRefine((text, context) => {
      const { problem } = parseTemplate(text);
      if (problem) context.addIssue({ code: "custom", message: problem });
    });

/** Text with merge fields that must not be empty. */
export const requiredTemplateText = (longest: number, what: string) =>
  templateText(longest).refine((text) => text.trim() !== "", `${what} is empty`);

/** Whether the execution stops or goes on when a message that should have been sent could not be. */
export const onError = z.enum(["stop", "continue"]).default("stop");
