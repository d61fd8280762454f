import { readPhone } from "#channels/sms/phone.ts";
import type { Problem } from "#contract/api-errors.ts";
import type { Contact, ContactInput, ContactPatch } from "#contract/contacts.ts";
import { isSendableEmail, withPlainDomain } from "#contract/email-address.ts";
import { readTimeZone, timeZoneProblem } from "#contract/time-zones.ts";
import type { ContactFields } from "#db/queries/contact-writes.ts";
import { invalid } from "../http/errors.ts";

/**
 * Turns what a member typed into values to write. A number or an address that no message can be sent to is refused, unless
 * it is the one that the contact has already.
 * @throws ApiError `invalid_request` with everything that is wrong.
 */
export function toContactFields(
  { phoneNumber, ...given }: ContactInput | Omit<ContactPatch, "consent">,
  country: string,
  current?: Contact,
): ContactFields {
  const problems: Problem[] = [];
  const typed = given.email ? { ...given, email: withPlainDomain(given.email) } : given;
  const zone = typed.timeZone ? readTimeZone(typed.timeZone) : typed.timeZone;
  if (typed.timeZone && zone === undefined) problems.push({ path: "timeZone", message: timeZoneProblem });
  if (typed.email && typed.email !== current?.email && !isSendableEmail(typed.email)) {
    problems.push({ path: "email", message: "Not an e-mail address that a message can be sent to, such as ann@example.com" });
  }
  const isNewNumber = phoneNumber !== undefined && (phoneNumber || null) !== (current?.phoneNumber ?? null);
  const phone = isNewNumber ? readPhone(phoneNumber, country) : null;
  if (phone?.problem) problems.push({ path: "phoneNumber", message: `The number ${phone.problem}` });
  if (problems.length > 0) throw invalid(problems);
  return {
    ...typed,
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(isNewNumber ? { phone: { typed: phoneNumber, e164: phone?.e164 ?? null } } : {}),
  };
}
