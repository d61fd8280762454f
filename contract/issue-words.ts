import type { z } from "zod";

/** Words for the problem of a field. A message that the contract gives takes precedence. */
export function sayIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_union":
      if (typeof issue.discriminator === "string") return isMissing(valueAt(issue.input, issue.discriminator)) ? "Needed" : noChoice;
      return isMissing(issue.input) ? "Needed" : undefined;
    case "invalid_value":
      return isMissing(issue.input) ? "Needed" : noChoice;
    case "invalid_type":
      if (!isMissing(issue.input)) return undefined;
      return issue.expected === "array" ? "Choose at least one" : "Needed";
    case "too_small":
      if (issue.origin === "string") return issue.minimum === 1 ? "Needed" : `At least ${issue.minimum} characters`;
      if (issue.origin === "array") return "Choose at least one";
      return `At least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "string" ? `At most ${issue.maximum} characters` : `At most ${issue.maximum}`;
    case "invalid_format":
      if (issue.format === "email") return issue.input === "" ? "Needed" : "This is not an e-mail address";
      return undefined;
    default:
      return undefined;
  }
}

const noChoice = "Choose one of those that are offered";
const valueAt = (input: unknown, name: string) => (typeof input === "object" && input !== null ? Reflect.get(input, name) : undefined);
const isMissing = (value: unknown) => value === undefined || value === null || value === "";
