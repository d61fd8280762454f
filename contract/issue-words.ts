import type { z } from "zod";

/** Words for the problem of a field of a form. A message that the contract gives takes precedence. */
export const sayIssue = (issue: z.core.$ZodRawIssue): string | undefined => say(issue, () => noChoice);

/** The same for who calls the API: what may be chosen is named by its codes, which a form shows in other words. */
export const sayIssueToCaller = (issue: z.core.$ZodRawIssue): string | undefined => say(issue, nameChoices);

function say(issue: z.core.$ZodRawIssue, sayChoice: (values: unknown) => string): string | undefined {
  switch (issue.code) {
    case "invalid_union":
      if (typeof issue.discriminator === "string")
        return isMissing(valueAt(issue.input, issue.discriminator)) ? "Needed" : sayChoice(issue.options);
      return isMissing(issue.input) ? "Needed" : "This has a form that is not known here";
    case "invalid_value":
      return isMissing(issue.input) ? "Needed" : sayChoice(issue.values);
    case "invalid_type":
      if (isMissing(issue.input)) return issue.expected === "array" ? "Choose at least one" : "Needed";
      return kinds[issue.expected] && `This is to be ${kinds[issue.expected]}`;
    case "unrecognized_keys":
      return `Not known here: ${issue.keys.map((key) => `“${key}”`).join(", ")}`;
    case "too_small":
      if (issue.origin === "string") return issue.minimum === 1 ? "Needed" : `At least ${issue.minimum} characters`;
      if (issue.origin === "array") return issue.minimum === 1 ? "Choose at least one" : `At least ${issue.minimum} of them`;
      return `${issue.inclusive === false ? "More than" : "At least"} ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") return `At most ${issue.maximum} characters`;
      if (issue.origin === "array") return `At most ${issue.maximum} of them`;
      return `${issue.inclusive === false ? "Less than" : "At most"} ${issue.maximum}`;
    case "not_multiple_of":
      return issue.divisor === 1 ? "This is to be a whole number" : `This is to be a multiple of ${issue.divisor}`;
    case "invalid_format":
      if (issue.input === "") return "Needed";
      return formats[issue.format] && `This is not ${formats[issue.format]}`;
    default:
      return undefined;
  }
}

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  undefined: "left out",
};

const formats: Record<string, string> = {
  email: "an e-mail address",
  uuid: "an id",
  guid: "an id",
  url: "a web address",
  datetime: "a date with its time, such as 2027-01-31T09:00:00Z",
  date: "a date, such as 2027-01-31",
};

const noChoice = "Choose one of those that are offered";

/** So many choices are named. A list of all time zones helps nobody. */
const mostNamed = 20;

function nameChoices(values: unknown): string {
  if (!Array.isArray(values) || values.length === 0 || values.length > mostNamed) return noChoice;
  return values.length === 1 ? `This is to be: ${values[0]}` : `Choose one of: ${values.join(", ")}`;
}

const valueAt = (input: unknown, name: string) => (typeof input === "object" && input !== null ? Reflect.get(input, name) : undefined);
const isMissing = (value: unknown) => value === undefined || value === null || value === "";
