/**
 * The moment at which the clocks of a zone show a time, both in milliseconds since 1970, the time as if it were UTC. An hour that the clocks leave
 * out is taken as the one behind it.
 */
export function moment(wall: number, zone: string): number {
  if (zone === "UTC") return wall;
  const key = `${zone} ${wall}`;
  const known = moments.get(key);
  if (known !== undefined) return known;
  const found = findMoment(wall, zone);
  // The values of a test are asked of every contact, so they are found once.
  if (moments.size >= mostKept) moments.clear();
  moments.set(key, found);
  return found;
}

const mostKept = 5_000;
const moments = new Map<string, number>();

function findMoment(wall: number, zone: string): number {
  const first = ahead(zone, wall);
  const second = ahead(zone, wall - first);
  if (first === second) return wall - first;
  const third = ahead(zone, wall - second);
  return wall - (third === second ? second : Math.min(second, third));
}

/** Before these the calendar counts otherwise, and no contact has such a date. */
const [earliest, latest] = [Date.UTC(1000, 0, 1), Date.UTC(9999, 0, 1)];

/** By how much the clocks of a zone are ahead of UTC at a moment. */
function ahead(zone: string, time: number): number {
  if (time < earliest || time > latest) return 0;
  const whole = Math.floor(time / 1000) * 1000;
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  const two = "2-digit";
  const known =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en", {
      ...{ timeZone: zone, calendar: "gregory", hourCycle: "h23", year: "numeric" },
      ...{ month: two, day: two, hour: two, minute: two, second: two },
    });
  clocks.set(zone, known);
  return known;
}
