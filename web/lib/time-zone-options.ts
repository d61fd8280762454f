import { timeZones } from "#contract/time-zones.ts";
import type { SelectOption } from "#ui/fields/select-field.tsx";

/** How far the clocks of a zone are from UTC today, as in "GMT+2". */
const offset = (zone: string): string => {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(new Date());
    return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  } catch {
    return ""; // A zone this browser does not know yet: shown by its name alone.
  }
};

let zones: SelectOption[] | undefined;
/** All zones that a workspace may have, and the one in use where it is none of them. */
export function zoneOptions(current: string): SelectOption[] {
  zones ??= timeZones().map((zone) => ({
    value: zone,
    label: `${zone.replaceAll("_", " ").replaceAll("/", " / ")} (${offset(zone)})`,
  }));
  return zones.some((zone) => zone.value === current) ? zones : [{ value: current, label: current }, ...zones];
}
