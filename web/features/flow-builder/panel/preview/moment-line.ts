import type { StepMoments } from "#contract/step-moments.ts";
import { formatDayTime } from "#ui/day-time.ts";
import { isolated, zoneName } from "#ui/format.ts";

interface MomentLine {
  /** The moment itself: “Mon 30 Mar, 9:00”. */
  when: string;
  detail?: string;
  /** Clocks have changed since the moment before. */
  change?: string;
}

/** One of the next times, in words. `labelOf` gives the name of an exit. */
export function momentLine(
  { moments, zone, offsetMinutes }: Pick<StepMoments, "moments" | "zone" | "offsetMinutes">,
  index: number,
  labelOf: (exit: string) => string,
): MomentLine {
  const moment = moments[index];
  if (!moment) return { when: "" };
  const { comes, goesOn, exit, closes, problem } = moment;
  const say = (at: string) => formatDayTime(at, zone);
  if (problem !== null) return { when: `Leaves at once by “${labelOf(exit)}”`, detail: problem };
  const isAtOnce = comes === goesOn;
  const before = moments[index - 1]?.offsetMinutes ?? offsetMinutes;
  const shift = moment.offsetMinutes - before;
  const change =
    shift === 0
      ? {}
      : { change: `The clocks go ${shift > 0 ? "forward" : "back"} before this: it is ${utcWords(moment.offsetMinutes)} then.` };
  // Only a window has an end, or is open without one.
  if (exit === "inside") {
    const until = closes === null ? "and never closes" : `until ${say(closes)}`;
    return isAtOnce ? { when: "Open now", detail: until } : { when: say(goesOn), detail: until, ...change };
  }
  if (isAtOnce && exit !== "next") return { when: `Leaves at once by “${labelOf(exit)}”`, detail: comesWords(index) };
  if (isAtOnce) return { when: "Goes on at once", detail: comesWords(index) };
  const wasThere = moments[index - 1]?.goesOn === comes;
  return { when: say(goesOn), ...(!wasThere && { detail: index === 0 ? "who comes now" : `who comes ${say(comes)}` }), ...change };
}

const comesWords = (index: number): string => (index === 0 ? "if the contact comes now" : "who comes later");

/** By whose clock the moments are. */
export function clockWords({ contactName, zone, zoneOf, offsetMinutes }: StepMoments): string {
  const clock = `${zoneName(zone)}, ${utcWords(offsetMinutes)} now`;
  return zoneOf === "contact"
    ? `By the clock of ${isolated(contactName ?? "the contact")} (${clock}).`
    : `By the clock of the workspace (${clock}).`;
}

/** “UTC+2”, “UTC−3:30”. */
export function utcWords(minutes: number): string {
  const size = Math.abs(minutes);
  const rest = size % 60;
  return `UTC${minutes === 0 ? "" : `${minutes < 0 ? "−" : "+"}${Math.floor(size / 60)}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`}`;
}
