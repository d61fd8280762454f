import { getCountryCallingCode, isSupportedCountry } from "libphonenumber-js/min";
import { countryOptions } from "#web/lib/countries.ts";

/** The countries that have phone numbers, by name, with their calling code. */
export const phoneCountryOptions = countryOptions().flatMap(({ value, label }) =>
  isSupportedCountry(value) ? [{ value, label: `${label} (+${getCountryCallingCode(value)})` }] : [],
);
