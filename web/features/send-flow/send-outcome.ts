import type { Send } from "#contract/sends.ts";
import { formatCount, plural } from "#ui/format.ts";
import type { ToastInput } from "#ui/toaster.tsx";
import { dripWords, isBeforeStart, startWords } from "#web/entities/schedule/schedule-words.ts";

/** The number of contacts that are enrolled or were found not to be enrollable. */
export const dealtWith = (send: Pick<Send, "enrolled" | "notEnrolled">): number => send.enrolled + send.notEnrolled;

/** Whether enrollment is over. The executions go on after it. */
export const isSettled = (send: Pick<Send, "state">): boolean => send.state !== "enrolling";

/** The state that is furthest ahead, so that a slower source does not move the bar back. */
export const furthest = (...news: (Send | null | undefined)[]): Send | null =>
  news.reduce<Send | null>((best, send) => {
    if (!send) return best;
    if (best === null) return send;
    return (isSettled(send) && !isSettled(best)) || (isSettled(send) === isSettled(best) && dealtWith(send) > dealtWith(best))
      ? send
      : best;
  }, null);

/** Whole percents, rounded down, so that 100 means all. */
export const percentDone = (done: number, total: number): number => (total <= 0 ? 0 : Math.min(100, Math.floor((done / total) * 100)));

/** The toasts shown when a send has enrolled every contact it can enroll. */
export const outcomeToasts = (send: Send, { shown, now, zone }: { shown: number; now: number; zone: string }): ToastInput[] => {
  const toasts: ToastInput[] = [];
  if (reachedNobody(send)) {
    toasts.push({
      status: "warning",
      title: "Nobody could be written to",
      description: `No message left for ${plural(send.unreached ?? 0, "contact")}. The send says why.`,
    });
  } else if (send.enrolled > 0) toasts.push({ status: "success", ...successWords(send, now, zone) });
  if (send.notEnrolled > 0)
    toasts.push({
      status: "error",
      title: "Some flows failed to send",
      description: `${plural(send.notEnrolled, "contact")} failed`,
    });
  if (send.total !== shown)
    toasts.push({
      status: "info",
      title: "The number of contacts has changed",
      description: `You were shown ${formatCount(shown)}. When the send began, the selection held ${formatCount(send.total)}.`,
      duration: 10_000,
    });
  return toasts;
};

/** It is over already, and not one message left. */
const reachedNobody = ({ state, reached, unreached }: Send): boolean => state === "done" && reached === 0 && (unreached ?? 0) > 0;

const successWords = ({ start, drip, enrolled }: Send, now: number, zone: string): Pick<ToastInput, "title" | "description"> => {
  const who = plural(enrolled, "contact");
  const pace = drip ? `, ${dripWords(drip, zone)}` : "";
  if (start && isBeforeStart(start, now, zone)) {
    return { title: "Flow scheduled", description: `${who}${pace}: begins ${startWords(start, now, zone)}` };
  }
  return { title: "Flow sent successfully", description: `Flow sent to ${who}${pace}` };
};
