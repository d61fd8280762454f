import { linkedTimeZones, timeZoneNames } from "./time-zone-names.ts";

/**
 * The one judge of time zones. A zone is kept by its canonical IANA name, and only where both the program (ICU) and Postgres
 * know that name. Offsets ("+05:45") are refused: they ignore summer time, and Postgres reads their sign the other way round.
 */
const known = new Set(timeZoneNames);
const canonicalNames = new Map(
  [...timeZoneNames.map((name) => [name, name] as const), ...linkedTimeZones].map(([written, name]) => [written.toLowerCase(), name]),
);

export const timeZoneProblem = "Not the name of a time zone, such as Europe/Athens";

/** The zones to choose from, by their canonical names. */
export const timeZones = (): string[] => timeZoneNames.filter((name) => known.has(name));

/**
 * The canonical name of the zone that a text names: "america/los_angeles" and "US/Pacific" are America/Los_Angeles, and
 * "Asia/Calcutta" is Asia/Kolkata. It is undefined where the text names no zone.
 */
export function readTimeZone(text: string): string | undefined {
  // Stored zones are written so already, and a forecast reads one for every contact.
  if (known.has(text)) return text;
  const name = canonicalNames.get(text.trim().replaceAll(" ", "_").toLowerCase());
  return name !== undefined && known.has(name) ? name : undefined;
}

/** The first of these that is a zone. A contact whose zone is unknown is taken to live where the workspace is. */
export function firstTimeZone(...candidates: readonly (string | null)[]): string {
  for (const candidate of candidates) {
    const zone = candidate === null ? undefined : readTimeZone(candidate);
    if (zone !== undefined) return zone;
  }
  return "UTC";
}

/**
 * Compares the list with the names that Postgres and ICU know, and takes out what one of them lacks, so that it is refused
 * from then on. Gives what was taken out.
 */
export function leaveOutUnknownZones(namesOfPostgres: ReadonlySet<string>): string[] {
  const missing = timeZoneNames.filter((name) => name !== "UTC" && !(namesOfPostgres.has(name) && isKnownToIcu(name)));
  for (const name of missing) known.delete(name);
  return missing;
}

function isKnownToIcu(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }) !== undefined;
  } catch {
    return false;
  }
}
