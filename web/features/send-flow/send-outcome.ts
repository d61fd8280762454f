import type { Channel } from "#contract/messages.ts";
import type { Send, SendPreview } from "#contract/sends.ts";
import { formatCount, plural, upperFirst } from "#ui/format.ts";
import type { ToastInput } from "#ui/toaster.tsx";
import { testModeWords } from "#web/entities/providers/test-mode.ts";
import { dripWords, isStartAhead, startWords } from "#web/entities/schedule/schedule-words.ts";
import { dealtWith } from "./dealt-with.ts";
import { figure } from "./preview-words.ts";

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

/** A toast about a send. The one that leads is about the whole of it: the send is undone and looked at from there. */
export interface OutcomeToast extends ToastInput {
  leads?: true;
}

interface Told {
  /** How many contacts the dialog showed. */
  shown: number;
  /** What was counted before the press; absent where it was not, or not yet. */
  preview?: SendPreview | undefined;
  /** The channels of the flow's messages that are in test mode, as far as is known. */
  inTestMode?: readonly Channel[];
  now: number;
  zone: string;
}

/**
 * The toasts shown when a send has enrolled every contact it can enroll. Most sends still run then, so what the messages
 * come to is told from the count before the press; a send that is over already is told from its own counters.
 */
export const outcomeToasts = (send: Send, { shown, preview, inTestMode = [], now, zone }: Told): OutcomeToast[] => {
  const toasts: OutcomeToast[] = [];
  if (send.state === "awaiting_approval") {
    return [
      {
        leads: true,
        status: "info",
        title: "Sent for approval",
        description: "Nothing has left yet. Admins are told, and you get a notice of what they decide.",
      },
    ];
  }
  if (wasTestOnly(send)) {
    toasts.push({
      leads: true,
      status: "warning",
      title: "Test only, not sent",
      description: `The flow ran for ${plural(send.enrolled, "contact")}. The messages were kept under Sent messages.`,
    });
  } else if (reachedNobody(send)) {
    toasts.push({
      leads: true,
      status: "warning",
      title: "Nobody could be written to",
      description: `No message left for ${plural(send.unreached ?? 0, "contact")}. The send says why.`,
    });
  } else if (send.state === "done" && (send.unreached ?? 0) > 0) {
    toasts.push({
      leads: true,
      status: "warning",
      title: "Not everybody could be written to",
      description: `Flow sent to ${plural(send.enrolled, "contact")}. For ${formatCount(send.unreached ?? 0)} of them no message could leave.`,
    });
  } else if (send.state !== "done" && send.enrolled > 0 && !preview?.sampled && unreachable(send, preview) >= send.enrolled) {
    toasts.push({
      leads: true,
      status: "warning",
      title: "Flow started, but nobody can receive anything",
      description: `${plural(send.enrolled, "contact")} entered the flow. As things are now, no message can leave for any of them.`,
    });
  } else if (send.enrolled > 0)
    // Where nothing leaves, the start is told without the green of a success.
    toasts.push({
      leads: true,
      status: inTestMode.length > 0 ? "info" : "success",
      ...successWords(send, unreachable(send, preview), preview?.sampled ?? null, now, zone),
    });
  if (send.enrolled > 0 && inTestMode.length > 0 && !wasTestOnly(send))
    toasts.push({
      status: "info",
      title: testModeWords(inTestMode),
      description: "The messages are kept under Sent messages. To send for real, set up a provider under Settings, Channels.",
      duration: 10_000,
    });
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

/** It is over already, and its messages were only kept on this machine. */
const wasTestOnly = ({ state, reached, captured }: Send): boolean => state === "done" && reached === 0 && (captured ?? 0) > 0;
/** It is over already, and not one message left. */
const reachedNobody = ({ state, reached, unreached }: Send): boolean => state === "done" && reached === 0 && (unreached ?? 0) > 0;

/** How many of those enrolled can receive nothing, by the count before the press; 0 where that is not known. */
function unreachable({ enrolled, state }: Send, preview: SendPreview | undefined): number {
  if (state === "done" || preview === undefined || preview.channels.length === 0) return 0;
  const notEnrolled = preview.notEnrolled.reduce((sum, { contacts }) => sum + contacts, 0);
  return Math.min(enrolled, preview.nothing - notEnrolled);
}

const successWords = (
  { start, drip, enrolled }: Send,
  nothing: number,
  sampled: number | null,
  now: number,
  zone: string,
): Pick<ToastInput, "title" | "description"> => {
  const who = plural(enrolled, "contact");
  const pace = drip ? `, ${dripWords(drip, zone)}` : "";
  if (start && isStartAhead(start, now, zone)) {
    return { title: "Flow scheduled", description: `${who}${pace}: begins ${startWords(start, now, zone)}` };
  }
  const but = nothing > 0 ? `. ${upperFirst(figure(nothing, sampled))} of them can receive nothing.` : "";
  return { title: "Flow sent successfully", description: `Flow sent to ${who}${pace}${but}` };
};
