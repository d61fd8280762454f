import type { Send } from "#contract/sends.ts";

/** The number of contacts that are enrolled or were found not to be enrollable. */
export const dealtWith = (send: Pick<Send, "enrolled" | "notEnrolled">): number => send.enrolled + send.notEnrolled;
