import { z } from "zod";
import { parseTemplate } from "#contract/template.ts";

/** Text with merge fields, refused while the flow is drawn if a field could never be filled in. */
export const templateText = (longest: number) =>
  z
    .string()
    .max(longest)
    .superRefine((text, context) => {
      const { problem } = parseTemplate(text);
      if (problem) context.addIssue({ code: "custom", message: problem });
    });

/** The same for what must not be left empty. */
export const requiredTemplateText = (longest: number, what: string) =>
  templateText(longest).refine((text) => text.trim() !== "", `${what} is empty`);

/** What the flow does when this message could not be sent although it should have been. */
export const onError = z.enum(["stop", "continue"]).default("stop");
