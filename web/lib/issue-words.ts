import type { z } from "zod";

/** Words for the problem of a field. A message that the contract gives takes precedence. */
export function sayIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined || issue.input === null || issue.input === "" ? "Needed" : undefined;
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
