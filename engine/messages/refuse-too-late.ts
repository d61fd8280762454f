import { EngineRefusal } from "../base/refusal.ts";

interface Moments {
  /** After this nothing leaves. */
  notLaterThan: Date | null;
  /** Nothing begins before this. */
  startAt: Date | null;
  now: Date;
}

/** @throws EngineRefusal send_too_late where no message of a send could leave in time */
export function refuseTooLate({ notLaterThan, startAt, now }: Moments): void {
  if (notLaterThan === null || notLaterThan.getTime() > Math.max(now.getTime(), startAt?.getTime() ?? 0)) return;
  throw new EngineRefusal(
    "send_too_late",
    "Every message of this send would be too late: choose a later moment for notLaterThan, which has to come after now and after the start.",
  );
}
