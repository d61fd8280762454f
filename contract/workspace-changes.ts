import { z } from "zod";
import { HelpText } from "./help-text.ts";
import { doubtRules } from "./people.ts";
import { requiredText } from "./required-text.ts";
import { readTimeZone, timeZoneProblem } from "./time-zones.ts";

const Country = z.string().regex(/^[A-Z]{2}$/, "Choose a country");

const TimeZone = z.string().transform((text, context) => {
  const zone = readTimeZone(text);
  if (zone === undefined) context.addIssue({ code: "custom", message: timeZoneProblem });
  return zone ?? z.NEVER;
});

export const WorkspaceInput = z.strictObject({
  name: requiredText(200),
  /** Where a phone number without a country code is. */
  country: Country.optional(),
  timeZone: TimeZone.optional(),
});
export const WorkspacePatch = z.strictObject({
  name: requiredText(200).optional(),
  timeZone: TimeZone.optional(),
  country: Country.optional(),
  /**
   * With another country: which numbers without a country code are read again. `unreadable` are those that could not be used
   * so far. `all` are also those that were read as numbers of the country before.
   */
  rereadNumbers: z.enum(["unreadable", "all"]).optional(),
  undoSeconds: z.number().int().min(0).max(60).optional(),
  /** Where the business is reached by post. Null takes it away. */
  postalAddress: requiredText(300).nullable().optional(),
  /** What answers HELP. Null goes back to the usual words; an empty text answers nobody. */
  helpText: HelpText.optional(),
  emailInDoubt: z.enum(doubtRules).optional(),
  smsInDoubt: z.enum(doubtRules).optional(),
  /**
   * The countries to which SMS may go. It holds at once, also for sends under way. Null goes back to the workspace's own country
   * alone; with an empty list no SMS leaves.
   */
  smsCountries: z.array(Country).max(300).nullable().optional(),
});

export const CountryQuery = z.strictObject({ country: Country });
