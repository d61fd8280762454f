import type { SendStart } from "#contract/sends.ts";
import { EngineRefusal } from "../base/refusal.ts";

interface Moments {
  /** After this nothing leaves. */
  notLaterThan: Date | null;
  /** Nothing begins before this. */
  startAt: Date | null;
  now: Date;
  /** For so long the first contacts of a canary are watched, and the rest waits. */
  watchedMinutes?: number | null | undefined;
}

/** @throws EngineRefusal send_too_late where no message of a send could leave in time */
export function refuseTooLate({ notLaterThan, startAt, now, ...rest }: Moments): void {
  const watchedMinutes = rest.watchedMinutes ?? 0;
  const begins = Math.max(now.getTime(), startAt?.getTime() ?? 0) + watchedMinutes * 60_000;
  if (notLaterThan === null || notLaterThan.getTime() > begins) return;
  const after = watchedMinutes > 0 ? ` and the ${watchedMinutes} minutes for which the first contacts are watched` : "";
  const who = watchedMinutes > 0 ? "All but the first contacts" : "Every message of this send";
  throw new EngineRefusal(
    "send_too_late",
    `${who} would be too late: choose a later moment for notLaterThan, which has to come after now, the start${after}.`,
  );
}

/** A moment that was still to come when somebody pressed the button may be over when the request arrives. */
const graceMs = 5 * 60_000;

/**
 * A start of yesterday is a mistake in a date, a year or a zone, and to begin at once is what nobody asked for. On the clocks of the contacts a time
 * has passed when it has at the westmost of them.
 * @throws EngineRefusal start_passed
 */
export function refusePassedStart(start: SendStart | null | undefined, { startAt, now }: Pick<Moments, "startAt" | "now">): void {
  if (!start) return;
  const moment = start.zone === "contact" ? Date.parse(`${start.at}:00-12:00`) : startAt?.getTime();
  if (moment === undefined || moment > now.getTime() - graceMs) return;
  throw new EngineRefusal("start_passed", `${start.at} has passed. Choose a later "start.at", or leave "start" out to begin at once.`);
}
