import { readTimeZone } from "#contract/time-zones.ts";

/**
 * Zones of every kind: whole hours, half and quarter ones, a clock change of half an hour, both hemispheres, and no
 * clock change.
 */
export const twelveZones = [
  "UTC",
  "Europe/London",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "America/Sao_Paulo",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Australia/Adelaide",
  "Pacific/Auckland",
  "Pacific/Chatham",
] as const;

/** Days on which clocks changed or will change in one of these zones, in both directions. */
export const clockChanges = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-09-27", "2026-10-04", "2026-10-25", "2026-11-01"] as const;

/** The local time that the platform shows, and not the library under test. */
export function wallClock(moment: Date, zone: string): { date: string; time: string; weekday: number } {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const date = `${part("year")}-${part("month")}-${part("day")}`;
  return { date, time: `${part("hour")}:${part("minute")}`, weekday: new Date(`${date}T00:00:00Z`).getUTCDay() || 7 };
}

/** A zone in which it is this hour now, so that the test runs at any hour of the day. */
export const zoneWhere = (hour: number) => {
  const shift = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  const zones: Record<string, string> = { "0": "Africa/Abidjan" };
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    // Of two names of a place the product tells one.
    if (readTimeZone(zone) !== zone) continue;
    const at = new Date();
    const local = Number(new Intl.DateTimeFormat("en", { timeZone: zone, hour: "numeric", hourCycle: "h23" }).format(at));
    const minute = Number(new Intl.DateTimeFormat("en", { timeZone: zone, minute: "numeric" }).format(at));
    if (minute === at.getUTCMinutes() && local === hour) return zone;
  }
  return zones[String(shift)] as string;
};
