// The clocks of a zone, without the library by which delays are reckoned: the first page of the product needs them too. A time of a clock
// is written in milliseconds as if it were UTC.

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en", { ...parts, timeZone: zone, hourCycle: "h23", calendar: "gregory" });
  formats.set(zone, made);
  return made;
}

/** The calendar counts otherwise before these years, and text has another form behind them. No contact has such a date, and it is taken as UTC. */
const [earliest, latest] = [Date.UTC(1000, 0, 1), Date.UTC(9999, 0, 1)];

/** The time that the clocks of a zone show at a moment. */
export function shown(at: number, zone: string): number {
  if (zone === "UTC" || at < earliest || at > latest) return at;
  const whole = Math.floor(at / 1000) * 1000;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + at - whole;
}

const mostKept = 5_000;
const moments = new Map<string, number>();

/**
 * The moment at which the clocks of a zone show a time. One that they leave out is taken as the one an hour behind it, and of two moments at which
 * they show the same it is one.
 */
export function moment(wall: number, zone: string): number {
  const key = `${zone} ${wall}`;
  const known = moments.get(key);
  if (known !== undefined) return known;
  const found = findMoment(wall, zone);
  // The values of a test are compared with every contact, so they are found once.
  if (moments.size >= mostKept) moments.clear();
  moments.set(key, found);
  return found;
}

function findMoment(wall: number, zone: string): number {
  const ahead = (at: number) => shown(at, zone) - at;
  const first = ahead(wall);
  const second = ahead(wall - first);
  if (first === second) return wall - first;
  const third = ahead(wall - second);
  return wall - (third === second ? second : Math.min(second, third));
}
