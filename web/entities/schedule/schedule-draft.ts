import { sayIssue } from "#contract/issue-words.ts";
import { Drip, SendStart } from "#contract/sends.ts";
import type { Schedule } from "./schedule-words.ts";
import { momentOfText, tomorrowAtNine } from "./zoned-time.ts";

export type DripUnit = "second" | "minute" | "hour" | "day";
export const unitSeconds: Record<DripUnit, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** A schedule while it is being typed. What is not chosen keeps its value, so that looking at the other choice loses nothing. */
export interface ScheduleDraft {
  start: "now" | "at";
  at: string;
  zone: SendStart["zone"];
  pace: "all" | "drip";
  count: number | null;
  every: number | null;
  unit: DripUnit;
  days: readonly number[];
  hours: "any" | "some";
  from: string;
  to: string;
}

export type ScheduleProblems = Partial<Record<"at" | "count" | "every" | "days" | "from" | "to" | "pace", string>>;

export const newDraft = (now: number, zone: string): ScheduleDraft => ({
  start: "now",
  at: tomorrowAtNine(now, zone),
  zone: "workspace",
  pace: "all",
  count: 100,
  every: 10,
  unit: "minute",
  days: [1, 2, 3, 4, 5, 6, 7],
  hours: "any",
  from: "09:00",
  to: "17:00",
});

/** The draft of a send as it is now. */
export function draftOf({ start, drip }: Schedule, now: number, zone: string): ScheduleDraft {
  const empty = newDraft(now, zone);
  const begun: Partial<ScheduleDraft> = start ? { start: "at", at: start.at, zone: start.zone } : {};
  if (!drip) return { ...empty, ...begun };
  const unit = (["day", "hour", "minute"] as const).find((each) => drip.everySeconds % unitSeconds[each] === 0) ?? "second";
  return {
    ...empty,
    ...begun,
    pace: "drip",
    count: drip.count,
    unit,
    every: drip.everySeconds / unitSeconds[unit],
    days: drip.days,
    ...(drip.hours && { hours: "some", from: drip.hours.from, to: drip.hours.to }),
  };
}

type Read = { schedule: Schedule; problems: null } | { schedule: null; problems: ScheduleProblems };

/** Reads a draft with the server's own rules: the schedule, or every problem at its field. */
export function readDraft(draft: ScheduleDraft, now: number, zone: string): Read {
  const problems: ScheduleProblems = {};
  let start: SendStart | null = null;
  let drip: Drip | null = null;
  if (draft.start === "at") {
    const read = SendStart.safeParse({ at: draft.at, zone: draft.zone });
    if (!read.success) problems.at = "Choose a day and a time";
    else if ((momentOfText(draft.at, draft.zone === "contact" ? westmost : zone) ?? 0) <= now) problems.at = "This time has passed";
    else start = read.data;
  }
  if (draft.pace === "drip") {
    const everySeconds = draft.every === null ? null : draft.every * unitSeconds[draft.unit];
    const hours = draft.hours === "some" ? { from: draft.from, to: draft.to } : undefined;
    const read = Drip.safeParse({ count: draft.count, everySeconds, days: draft.days, hours }, { error: sayIssue });
    if (read.success) drip = read.data;
    else for (const { path, message } of read.error.issues) problems[fieldOf(path)] ??= wordsAt(fieldOf(path), message);
    if (draft.start === "at" && draft.zone === "contact") {
      problems.pace = "Batches use the workspace’s time zone. Choose it above, or send to everybody at once.";
    }
  }
  return Object.keys(problems).length === 0 ? { schedule: { start, drip }, problems: null } : { schedule: null, problems };
}

/** The westernmost clocks: where a time of day comes last. */
const westmost = "Etc/GMT+12";

function fieldOf(path: readonly PropertyKey[]): keyof ScheduleProblems {
  const [first, second] = path;
  if (first === "everySeconds") return "every";
  if (first === "count" || first === "days") return first;
  return second === "from" ? "from" : "to";
}

function wordsAt(field: keyof ScheduleProblems, message: string): string {
  if (field === "every") return message === "Needed" ? message : "From 10 seconds to 7 days, in whole numbers";
  if (field === "count") return message === "Needed" ? message : "A whole number from 1 to 100,000";
  if (field === "to") return message.includes("same") ? "Must differ from the first" : "Choose a time";
  return field === "from" ? "Choose a time" : message;
}
