import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";

const names = new Intl.DisplayNames("en", { type: "region" });

/** Every country that has phone numbers, by name, with its code. */
export const countryOptions = getCountries()
  .map((value) => ({ value: value as string, label: `${names.of(value) ?? value} (+${getCountryCallingCode(value)})` }))
  .sort((a, b) => a.label.localeCompare(b.label, "en"));
