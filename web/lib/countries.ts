import type { SelectOption } from "#ui/fields/select-field.tsx";

let countries: SelectOption[] | undefined;

/** The countries of today by name, as the browser knows them. */
export function countryOptions(): SelectOption[] {
  if (!countries) {
    const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
    // Codes that name no country of today, or a group of them.
    const strange = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"]);
    countries = letters
      .flatMap((first) => letters.map((second) => first + second))
      .filter((code) => !strange.has(code) && canonical(code))
      .map((code) => ({ value: code, label: names.of(code) ?? "" }))
      .filter((country) => country.label !== "")
      .sort((a, b) => a.label.localeCompare(b.label, "en"));
  }
  return countries;
}

/** "UK" and "SU" still have names, but the name of another code. */
const canonical = (code: string): boolean => new Intl.Locale(`und-${code}`).region === code;

/** The country that the browser's language names ("de-AT"), as a first guess; "" where it names none. */
export function browserCountry(languages: readonly string[] = navigator.languages): string {
  const region = languages.map((language) => new Intl.Locale(language).region).find((found) => found !== undefined);
  return region !== undefined && countryOptions().some(({ value }) => value === region) ? region : "";
}
