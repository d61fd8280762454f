import { LocalTime } from "#contract/date-bounds.ts";

/** The local date and time in a zone. `weekday`: 1 Monday … 7 Sunday. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  weekday: number;
}

const day = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en", { ...parts, timeZone: zone, hourCycle: "h23", calendar: "gregory" });
  formats.set(zone, made);
  return made;
}

/** The clock of a zone at a moment, as if it were the clock of UTC. */
function shown(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, date, hour, minute, second);
}

export function wallTime(at: number, zone: string): WallTime {
  const clock = new Date(shown(at, zone));
  const [year, month, date] = [clock.getUTCFullYear(), clock.getUTCMonth() + 1, clock.getUTCDate()];
  return { year, month, day: date, hour: clock.getUTCHours(), minute: clock.getUTCMinutes(), weekday: clock.getUTCDay() || 7 };
}

/** The moment at which the clock of a zone shows this; of a time that comes twice or never, one next to it. */
export function momentAt(clock: Pick<WallTime, "year" | "month" | "day" | "hour" | "minute">, zone: string): number {
  const wanted = Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute);
  // The offset at the first guess may be that of the other side of a change of clocks; the second look settles it.
  const guess = wanted - (shown(wanted, zone) - wanted);
  return wanted - (shown(guess, zone) - guess);
}

/** The same for "2026-12-01T09:00"; undefined when it is no such text. */
export function momentOfText(text: string, zone: string): number | undefined {
  if (!LocalTime.safeParse(text).success) return undefined;
  const at = new Date(`${text}Z`);
  return momentAt(
    { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), hour: at.getUTCHours(), minute: at.getUTCMinutes() },
    zone,
  );
}

/** 9:00 tomorrow on the clock of a zone, as text: what most who plan a send mean. */
export function tomorrowAtNine(now: number, zone: string): string {
  return `${new Date(shown(now, zone) + day).toISOString().slice(0, 10)}T09:00`;
}

/** Midnight of the day `days` after that of the moment. */
export function startOfDay(at: number, zone: string, days = 0): number {
  const { year, month, day: date } = wallTime(at, zone);
  const moved = new Date(Date.UTC(year, month - 1, date + days));
  return momentAt({ year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate(), hour: 0, minute: 0 }, zone);
}
