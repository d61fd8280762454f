import { isSendOver, type Send, type SendState } from "#contract/sends.ts";
import type { StatusName } from "#ui/theme-tokens.ts";
import { isBeforeStart } from "#web/entities/schedule/schedule-words.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { doneBadge } from "./send-outcome.ts";

/** "Scheduled" is said only while nobody can have begun; it is derived, never stored. */
export function sendBadge(send: SendOutcome & Pick<Send, "start">, now: number, zone: string): { status: StatusName; label: string } {
  const { state, start } = send;
  const isScheduled = (state === "enrolling" || state === "running") && isBeforeStart(start, now, zone);
  return isScheduled ? { status: "scheduled", label: "Scheduled" } : doneBadge(send);
}

export const mayPause = (state: SendState): boolean => state === "enrolling" || state === "running";
export const mayResume = (state: SendState): boolean => state === "paused";
/** Stopping, and changing when it goes on. */
export const mayStop = (state: SendState): boolean => !isSendOver(state);
/** `now`: on the server's clock. */
export const mayUndo = ({ state, undoUntil }: Pick<Send, "state" | "undoUntil">, now: number): boolean =>
  !isSendOver(state) && undoUntil !== null && Date.parse(undoUntil) > now;
export const mayRetry = ({ state, failed, partialFailure }: Pick<Send, "state" | "failed" | "partialFailure">): boolean =>
  failed + partialFailure > 0 && state !== "stopped" && state !== "undone";
