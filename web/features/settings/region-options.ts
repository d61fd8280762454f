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
