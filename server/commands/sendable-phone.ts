import { phoneCountry, readPhone } from "#channels/sms/phone.ts";
import { invalid } from "../http/errors.ts";

/**
 * A typed number in international form, where the workspace sends SMS to its country.
 * @throws ApiError `invalid_request`, at the path
 */
export function sendablePhone(
  typed: string,
  { country, smsCountries }: { country: string; smsCountries: readonly string[] },
  path: string,
) {
  const phone = readPhone(typed, country);
  if (phone?.e164 && !smsCountries.includes(phoneCountry(phone.e164) ?? "")) {
    const message = "The workspace does not send SMS to the country of this number. An admin can allow it in Settings, Channels";
    throw invalid([{ path, message }]);
  }
  if (phone?.e164) return phone.e164;
  throw invalid([{ path, message: phone?.problem ? `This ${phone.problem}` : "A phone number is needed" }]);
}
