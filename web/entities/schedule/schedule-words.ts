import type { Drip, SendStart } from "#contract/sends.ts";
import { durationWords } from "#nodes/words/duration-words.ts";
import { formatTimeOfDay, momentWords, plural, upperFirst, zoneName } from "#ui/format.ts";
import { lastRound } from "./drip-forecast.ts";
import { momentOfText } from "./zoned-time.ts";

export interface Schedule {
  start: SendStart | null;
  drip: Drip | null;
}

const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** "Mon–Fri", "Mon, Wed, Sat"; nothing when it is every day. */
function daysWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].sort((a, b) => a - b);
  if (sorted.length === 7) return "";
  const runs: number[][] = [];
  for (const day of sorted) {
    const last = runs.at(-1);
    if (last && last.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  const name = (day: number | undefined) => dayNames[(day ?? 1) - 1];
  return runs.map((run) => (run.length > 2 ? `${name(run[0])}–${name(run.at(-1))}` : run.map((day) => name(day)).join(", "))).join(", ");
}

/** "every 10 minutes", "every hour". */
const everyWords = (seconds: number) => `every ${durationWords(seconds).replace(/^1 /, "")}`;

/** "120 contacts every 10 minutes, Mon–Fri 9:00–17:00 (Chicago)". */
export function dripWords(drip: Drip, zone: string): string {
  const hours = drip.hours ? `${formatTimeOfDay(drip.hours.from)}–${formatTimeOfDay(drip.hours.to)}` : "";
  const window = [daysWords(drip.days), hours].filter(Boolean).join(" ");
  const pace = `${plural(drip.count, "contact")} ${everyWords(drip.everySeconds)}`;
  return window ? `${pace}, ${window} (${zoneName(zone)})` : pace;
}

/** A time on the wall as people say it now: "tomorrow 9:00". */
const wallWords = (at: string, now: number, zone: string) => momentWords(new Date(momentOfText(at, zone) ?? now).toISOString(), now, zone);

/** When the first begin: "tomorrow 9:00 (Chicago)", "tomorrow 9:00 in each contact’s own time zone". */
export function startWords(start: SendStart, now: number, zone: string): string {
  const moment = wallWords(start.at, now, zone);
  return start.zone === "contact" ? `${moment} in each contact’s own time zone` : `${moment} (${zoneName(zone)})`;
}

/** About how long, in one unit: nobody plans by the second. */
function about(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1.5) return "about a minute";
  if (minutes < 90) return `about ${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `about ${Math.round(minutes / 60)} h`;
  return `about ${Math.round(minutes / 1440)} days`;
}

/** In one line, for where a schedule is folded away: "Tomorrow 9:00 (Chicago), 120 contacts every 10 minutes". */
export function scheduleSummary({ start, drip }: Schedule, now: number, zone: string): string {
  const when = start ? upperFirst(startWords(start, now, zone)) : "Now";
  return `${when}, ${drip ? dripWords(drip, zone) : "everybody at once"}`;
}

/** Describes in sentences when a send begins and when it will have begun for everybody. */
export function scheduleSentence(
  { start, drip }: Schedule,
  { total, now, zone, fewFirst = false }: { total: number; now: number; zone: string; fewFirst?: boolean },
): string {
  const who = plural(total, "contact");
  const begins = start ? momentOfText(start.at, zone) : undefined;
  const isLater = begins !== undefined && begins > now;
  if (!drip) {
    const together = fewFirst ? "a few first and the others when these went well" : "all at once";
    if (!start) return `${who}, ${together}, as soon as you send.`;
    const unknown = start.zone === "contact" ? ` Where a contact’s zone is not known, ${zoneName(zone)} time counts.` : "";
    return `${who}, ${together}: ${startWords(start, now, zone)}.${unknown}`;
  }
  const pace = dripWords(drip, zone);
  // The zone is named once: it is the same for both.
  const first = start && isLater ? `From ${wallWords(start.at, now, zone)}${pace.endsWith(")") ? "" : ` (${zoneName(zone)})`} on, ` : "";
  const from = isLater ? begins : now;
  const last = lastRound({ drip, total, from, zone });
  const end =
    last === null
      ? `It will be years until all ${who} have begun.`
      : last === from
        ? `All ${who} begin in the first round.`
        : `All ${who} have begun in ${about(last - now)}${last - now > 5_400_000 ? ` (${momentWords(new Date(last).toISOString(), now, zone)})` : ""}.`;
  return `${first}${pace}. ${end}${fewFirst ? " A few get it first, and the rest waits for how these go." : ""}`;
}

/** The clocks on which a time of day comes first and last. */
const [eastmost, westmost] = ["Pacific/Kiritimati", "Etc/GMT+12"];

/** Whether nobody of a send can have begun, because its start has come nowhere yet. */
export const isBeforeStart = (start: SendStart | null, now: number, zone: string): boolean =>
  isAhead(start, now, { workspace: zone, contact: eastmost });

/** Whether somebody of a send may still wait for its start, because it is still to come somewhere. */
export const isStartAhead = (start: SendStart | null, now: number, zone: string): boolean =>
  isAhead(start, now, { workspace: zone, contact: westmost });

function isAhead(start: SendStart | null, now: number, clocks: Record<SendStart["zone"], string>): boolean {
  const moment = start ? momentOfText(start.at, clocks[start.zone]) : undefined;
  return moment !== undefined && moment > now;
}
