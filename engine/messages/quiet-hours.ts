import { createHash } from "node:crypto";
import { DateTime } from "luxon";
import type { Hours, LegalHours } from "#contract/legal-hours.ts";
import type { SendingRules } from "#contract/sending-rules.ts";
import type { Place } from "./place-of-contact.ts";

/** When a message may leave to a place: it may now, until then; it may next at `opens`; or there is no hour that all zones allow. */
export type SendingMoment = { open: true; until: number } | { open: false; opens: number; closes: number } | { open: false; opens: null };

/** Hours of a day in minutes since midnight; null where nothing may leave. The first day is Monday. */
type Week = readonly (readonly [from: number, to: number] | null)[];

/** Rules repeat every week, and no change of the clocks moves them by more than a day. */
const searchMs = 9 * 24 * 3_600_000;
const longestSpreadMs = 10 * 60_000;

/** The moment at which all zones of a place allow a message, by the laws there and the hours of the workspace. */
export function findSendingMoment(place: Place, { from, to }: Pick<SendingRules["quietHours"], "from" | "to">, now: number): SendingMoment {
  const week = weekOf(place.laws, [from, to]);
  let opens = now;
  for (;;) {
    const next = place.zones.map((zone) => nextHours(week, zone, opens));
    if (next.some((hours) => hours === undefined) || opens > now + searchMs) return { open: false, opens: null };
    const hours = next as OpenHours[];
    const latest = Math.max(...hours.map((one) => one.opens));
    const closes = Math.min(...hours.map((one) => one.closes));
    if (latest < closes) return latest <= now ? { open: true, until: closes } : { open: false, opens: latest, closes };
    opens = latest;
  }
}

/**
 * When within the hours that open next a waiting message leaves: some minutes after they open, so that not all leave in the same
 * second. It is drawn from `seed`, so a pass that is repeated after a crash draws the same.
 */
export function spreadWithin({ opens, closes }: { opens: number; closes: number }, seed: string): number {
  const most = Math.min(longestSpreadMs, (closes - opens) / 2);
  const share = createHash("sha256").update(seed).digest().readUInt32BE(0) / 2 ** 32;
  return Math.floor(opens + share * most);
}

/** The hours of each day that every law and the workspace allow. */
function weekOf(laws: readonly LegalHours[], own: Hours): Week {
  const key = `${own.join("-")} ${laws.map(({ place }) => place).join()}`;
  const before = weeks.get(key);
  if (before) return before;
  const week = [1, 2, 3, 4, 5, 6, 7].map((day) => {
    const all = [own, ...laws.map((law) => (day === 7 ? law.sunday : day === 6 ? law.saturday : law.weekdays))];
    if (all.some((hours) => hours === null)) return null;
    const given = all as Hours[];
    const [from, to] = [Math.max(...given.map(([start]) => minutesOf(start))), Math.min(...given.map(([, end]) => minutesOf(end)))];
    return from < to ? ([from, to] as const) : null;
  });
  // The rules of a workspace are few, but they change as often as people change them.
  if (weeks.size > 10_000) weeks.clear();
  weeks.set(key, week);
  return week;
}
const weeks = new Map<string, Week>();

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

interface OpenHours {
  opens: number;
  closes: number;
}

/** The hours that were found last for each week and zone, and from when on they are the next. */
const found = new WeakMap<Week, Map<string, OpenHours & { from: number }>>();

/**
 * The hours that are open at `from` in a zone, or the next that will be. Messages of a moment ask about few zones, and reckoning in
 * zones is dear, so hours that were found stand until they close.
 */
function nextHours(week: Week, zone: string, from: number): OpenHours | undefined {
  const ofWeek = found.get(week) ?? new Map<string, OpenHours & { from: number }>();
  const before = ofWeek.get(zone);
  if (before && from >= before.from && from < before.closes) return before;
  const hours = findHours(week, zone, from);
  if (hours) found.set(week, ofWeek.set(zone, { ...hours, from }));
  return hours;
}

function findHours(week: Week, zone: string, from: number): OpenHours | undefined {
  const local = DateTime.fromMillis(from, { zone });
  for (let day = 0; day <= 8; day += 1) {
    const date = local.plus({ days: day });
    const hours = week[date.weekday - 1];
    if (!hours) continue;
    // A time that does not exist that day is the same time on the new clock; one that comes twice counts once.
    const at = (minutes: number) =>
      date.set({ hour: Math.floor(minutes / 60), minute: minutes % 60, second: 0, millisecond: 0 }).toMillis();
    const [opens, closes] = [at(hours[0]), at(hours[1])];
    if (from < closes && opens < closes) return { opens, closes };
  }
  return undefined;
}
