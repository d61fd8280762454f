import type { SelectOption } from "#ui/fields/select-field.tsx";

/** Zones and countries come from the browser, so that no lists are shipped. */
const offset = (zone: string): string => {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(new Date());
    return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  } catch {
    return ""; // A zone this browser does not know yet: shown by its name alone.
  }
};

let zones: SelectOption[] | undefined;
/** All zones, and the one in use even if this browser does not list it ("UTC" often is not). */
export function zoneOptions(current: string): SelectOption[] {
  zones ??= ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")].map((zone) => ({
    value: zone,
    label: `${zone.replaceAll("_", " ").replaceAll("/", " / ")} (${offset(zone)})`,
  }));
  return zones.some((zone) => zone.value === current) ? zones : [{ value: current, label: current }, ...zones];
}

let countries: SelectOption[] | undefined;
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
