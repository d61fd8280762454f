import { DateTime } from "luxon";
import type { NodeContext, Outcome } from "#engine/flow/node-executor.ts";
import { failBy, next, waitUntil, watchUntil } from "#engine/flow/node-executor.ts";
import { nextTimeOfDay } from "../time/local-time.ts";
import { toRecord } from "../values/typed-value.ts";
import { isOfContact, type UntilDate } from "./definition.ts";
import { findDate } from "./find-date.ts";

/**
 * Waits until a date of the contact. The executor is asked again whenever the contact changes and before the execution goes
 * on, and reads the date again each time. Where the date still says what it said when the wait began, the wait stays as it
 * is. Where it was moved, in either direction, the date is judged as if the execution had just come here.
 */
export function waitForDate(
  config: UntilDate,
  { now, waited, waiting, read }: Pick<NodeContext, "now" | "waited" | "waiting" | "read">,
  { zone, spreadMs }: { zone: string; spreadMs: number },
): Outcome {
  const value = read(config.field);
  const judgeAt = (moment: Date) => judge(config, value, DateTime.fromJSDate(moment, { zone }), spreadMs);
  if (waited && !waiting) return next("next");
  if (waiting) {
    const asBefore = judgeAt(waiting.since);
    const isMoved = asBefore.type !== "wait" || asBefore.until.getTime() !== waiting.until.getTime();
    if (!isMoved) return waiting.until <= now ? next("next") : asBefore;
  }
  return judgeAt(now);
}

function judge(config: UntilDate, value: unknown, here: DateTime, spreadMs: number): Outcome {
  const date = findDate(config, value, here);
  const rest = (moment: DateTime, more: Record<string, unknown> = {}): Outcome => {
    const until = new Date(moment.toMillis() + spreadMs);
    const output = { until: until.toISOString(), zone: here.zoneName, ...more };
    return isOfContact(config) ? watchUntil(until, { for: "time", output }) : waitUntil(until, output);
  };
  if (date === "unreadable") {
    const problem = `The field ${config.field} of the contact cannot be read as a date. Write it as in 2026-05-31.`;
    return failBy("date_unreadable", "date_unreadable", problem, { unreadable: String(toRecord(value)) });
  }
  if (date !== "none" && date > here) return rest(date);
  const output = { date: date === "none" ? null : date.toUTC().toISO() };
  if (config.past === "exit") return next("past", output);
  if (config.past === "go_on" || date === "none") return next("next", output);
  return rest(nextTimeOfDay(date.toFormat("HH:mm"), [], here), output);
}
