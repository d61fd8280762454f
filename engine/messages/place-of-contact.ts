import { type LegalHours, legalHours } from "#contract/legal-hours.ts";
import { readTimeZone } from "#contract/time-zones.ts";
import { usPlaceOf } from "./us-area-codes.ts";

/** Where somebody may be: all the zones that are possible, and the laws that may hold there. */
export interface Place {
  zones: readonly string[];
  laws: readonly LegalHours[];
}

const known = new Map<string, Place>();

/**
 * The place of a contact: the zone that is entered for them, or else every zone in which their number may be. The laws are those of
 * the number in either case: a number is weak evidence of a place, so it may narrow the hours and never widen them. A number that
 * tells no zone is judged by those of its country.
 */
export function placeOfContact({ timeZone, phone, country }: { timeZone: string | null; phone: string; country: string | null }): Place {
  const zone = timeZone === null ? undefined : readTimeZone(timeZone);
  const key = `${zone ?? ""} ${country ?? ""} ${country === "US" ? phone.slice(2, 5) : ""}`;
  const before = known.get(key);
  if (before) return before;
  const us = country === "US" ? usPlaceOf(phone) : undefined;
  const laws = legalHours.filter((law) => law.country === country && (law.state === undefined || law.state === us?.state));
  const place = { zones: zone !== undefined ? [zone] : (us?.zones ?? zonesOfCountry(country)), laws };
  known.set(key, place);
  return place;
}

/** Every zone of a country, by the data of the program (ICU); UTC for what belongs to none. */
function zonesOfCountry(country: string | null): readonly string[] {
  if (country === null || !/^[A-Z]{2}$/.test(country)) return ["UTC"];
  // The types of the language do not know this method yet.
  const locale: Intl.Locale & { getTimeZones?(): string[] | undefined } = new Intl.Locale(`und-${country}`);
  const zones = locale.getTimeZones?.() ?? [];
  const canonical = [...new Set(zones.flatMap((zone) => readTimeZone(zone) ?? []))];
  return canonical.length > 0 ? canonical : ["UTC"];
}
