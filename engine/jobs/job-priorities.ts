import { smallSend } from "./work-sizes.ts";

/**
 * The order in which waiting jobs are run; a smaller number is first. Work that a person waits for has a smaller number
 * than work that takes minutes. Among jobs of one priority the longest waiting is next, and a workspace has no more turns
 * in the queue than it has lanes, so the workspaces alternate however much one of them has to do.
 */
export const quickPriority = 0;
/** A stopped send is shown as ended before more is sent. */
export const stoppedSendPriority = 10;
/** People are moved to a new version before more of them go on by the old one. */
export const movePriority = 15;
export const turnPriority = 20;
/** Somebody looks at a forecast while it grows, and what was sent goes before what is only looked at. */
export const forecastPriority = 25;
/** A bulk change waits until no send has work. */
export const bulkPriority = 30;
/** A send's enrolment always runs before its own lanes. */
export const enrollPriority = (expected: number) => (expected <= smallSend ? quickPriority : turnPriority) - 1;
