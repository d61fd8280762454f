import { IANAZone } from "luxon";
import { readPhone } from "#channels/sms/phone.ts";
import type { Problem } from "#contract/api-errors.ts";
import type { ContactInput, ContactPatch } from "#contract/contacts.ts";
import type { ContactFields } from "#db/queries/contact-writes.ts";
import { invalid } from "../http/errors.ts";

/** Turns what a member typed into values to write. @throws ApiError `invalid_request` for a time zone that does not exist. */
export function toContactFields({ phoneNumber, ...typed }: ContactInput | ContactPatch, country: string): ContactFields {
  const problems: Problem[] = [];
  if (typed.timeZone && !isTimeZone(typed.timeZone)) {
    problems.push({ path: "timeZone", message: "Not the name of a time zone, such as Europe/Athens" });
  }
  if (problems.length > 0) throw invalid(problems);
  return {
    ...typed,
    ...(phoneNumber === undefined ? {} : { phone: { typed: phoneNumber, e164: readPhone(phoneNumber, country)?.e164 ?? null } }),
  };
}

/** Asking Intl takes a fraction of a millisecond for each name; an import asks fifty thousand times. */
const zones = new Set(Intl.supportedValuesOf("timeZone"));
export const isTimeZone = (name: string): boolean => zones.has(name) || IANAZone.isValidZone(name);
