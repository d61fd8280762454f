import { isSendGoing, isSendOver, type Send, type SendState } from "#contract/sends.ts";
import { momentWords, zoneName } from "#ui/format.ts";
import type { StatusName } from "#ui/theme-tokens.ts";
import { isBeforeStart, startWords } from "#web/entities/schedule/schedule-words.ts";
import type { SendOutcome } from "./send-outcome.ts";
import { doneBadge, hasNobodyLeft } from "./send-outcome.ts";

export type PlannedSend = Pick<Send, "state" | "start" | "firstRoundAt"> & Partial<Pick<Send, "canary">>;

/** Whether a send waits for its start or for the first round of its drip, so that nobody can have begun. */
export const isScheduled = ({ state, start, firstRoundAt, canary }: PlannedSend, now: number, zone: string): boolean =>
  isSendGoing(state) && !canary?.seen.begun && (isBeforeStart(start, now, zone) || waitsForFirstRound(firstRoundAt, now));

const waitsForFirstRound = (firstRoundAt: string | null, now: number): firstRoundAt is string =>
  firstRoundAt !== null && Date.parse(firstRoundAt) > now;

/** When a send that is scheduled begins: "tomorrow 9:00 (Chicago)". */
export const beginsWords = ({ start, firstRoundAt }: PlannedSend, now: number, zone: string): string =>
  waitsForFirstRound(firstRoundAt, now) || start === null
    ? `${momentWords(firstRoundAt ?? new Date(now).toISOString(), now, zone)} (${zoneName(zone)})`
    : startWords(start, now, zone);

/** What the moment of the press was: a send of which nobody has begun, or nobody ever did, was not sent then. */
export const pressedWords = (send: Send, now: number, zone: string): "sent" | "scheduled" | "created" => {
  if (send.state === "awaiting_approval") return "created";
  if (!isScheduled(send, now, zone) && !hasNobodyLeft(send)) return "sent";
  return send.start !== null || send.drip !== null ? "scheduled" : "created";
};

/** "Scheduled" is said only while nobody can have begun; it is derived, never stored. */
export function sendBadge(send: SendOutcome & PlannedSend, now: number, zone: string): { status: StatusName; label: string } {
  return isScheduled(send, now, zone) ? { status: "scheduled", label: "Scheduled" } : doneBadge(send);
}

export const mayPause = isSendGoing;
export const mayResume = (state: SendState): boolean => state === "paused";
/** Stopping, and changing when it goes on. */
export const mayStop = (state: SendState): boolean => !isSendOver(state) && !mayWithdraw(state);
export const mayWithdraw = (state: SendState): boolean => state === "awaiting_approval";
/** `now`: on the server's clock. */
export const mayUndo = ({ state, undoUntil }: Pick<Send, "state" | "undoUntil">, now: number): boolean =>
  !isSendOver(state) && undoUntil !== null && Date.parse(undoUntil) > now;
export const mayRetry = ({ state, failed, partialFailure }: Pick<Send, "state" | "failed" | "partialFailure">): boolean =>
  failed + partialFailure > 0 && state !== "stopped" && state !== "undone";
