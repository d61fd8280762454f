import { smallSend } from "../schedule/turn-rows.ts";

/**
 * Small numbers first: what a person waits for overtakes what runs for minutes. Among equals the longest waiting is
 * next, and a workspace has no more turns in the queue than it has lanes: so the workspaces take turns, however much
 * one of them has to do.
 */
export const quickPriority = 0;
/** What was stopped is shown as ended before more is sent. */
export const stoppedSendPriority = 10;
export const turnPriority = 20;
/** Always before its own lanes. */
export const enrollPriority = (expected: number) => (expected <= smallSend ? quickPriority : turnPriority) - 1;
