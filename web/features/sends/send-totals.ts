import type { Send } from "#contract/sends.ts";

export interface TotalsPart {
  key: "completed" | "captured" | "unreached" | "active" | "partialFailure" | "failed" | "cancelled" | "notEnrolled" | "unread";
  label: string;
  count: number;
}

/**
 * A send taken apart so that the parts make up the whole: everybody selected is in exactly one of them. What has come to
 * an end stands first, so that a bar of the parts is as full as the send is far. While the server still enrols, those it
 * has not come to yet are a part too ("unread").
 */
export const totalsParts = (send: Send, isBeforeStart = false): TotalsPart[] => {
  const unreached = send.completedUnreached ?? 0;
  const captured = send.completedCaptured ?? 0;
  const activeLabel = isBeforeStart ? "Not started" : "Under way";
  const unread = isUnread(send) ? Math.max(0, send.total - send.enrolled - send.notEnrolled) : 0;
  return [
    { key: "completed", label: "Completed", count: send.completed - unreached - captured },
    { key: "captured", label: "Completed, test only", count: captured },
    { key: "unreached", label: "Completed, nobody reached", count: unreached },
    { key: "partialFailure", label: "Finished with errors", count: send.partialFailure },
    { key: "failed", label: "Failed", count: send.failed },
    { key: "cancelled", label: "Cancelled", count: send.cancelled },
    { key: "active", label: activeLabel, count: send.active },
    { key: "unread", label: "Not yet enrolled", count: unread },
    { key: "notEnrolled", label: "Not enrolled", count: send.notEnrolled },
  ];
};

export interface Sum {
  whole: { label: string; count: number };
  parts: { label: string; count: number }[];
  /** How many are in the whole and in no part. Anything but zero is a fault, and is shown. */
  missing: number;
}

/** The two sums of a send, written out: selected = enrolled + not enrolled, enrolled = where each execution stands. */
export const totalsSums = (send: Send, isBeforeStart = false): [selected: Sum, enrolled: Sum] => {
  const byKey = new Map(totalsParts(send, isBeforeStart).map((part) => [part.key, part]));
  const part = (key: TotalsPart["key"]) => byKey.get(key) as TotalsPart;
  const unread = part("unread");
  return [
    sum("Selected", send.total, [{ label: "Enrolled", count: send.enrolled }, part("notEnrolled"), ...(isUnread(send) ? [unread] : [])]),
    sum("Enrolled", send.enrolled, [
      part("completed"),
      ...[part("captured"), part("unreached")].filter(({ count }) => count > 0),
      part("active"),
      part("partialFailure"),
      part("failed"),
      part("cancelled"),
    ]),
  ];
};

const sum = (label: string, count: number, parts: { label: string; count: number }[]): Sum => ({
  whole: { label, count },
  parts: parts.map((part) => ({ label: part.label, count: part.count })),
  missing: count - parts.reduce((total, part) => total + part.count, 0),
});

/** Whether contacts may be selected of whom nobody has looked yet whether they enter. One that ends before is told of each of them in a moment. */
const isUnread = ({ state, enrolledAt }: Send): boolean =>
  state === "enrolling" || state === "awaiting_approval" || ((state === "stopped" || state === "undone") && enrolledAt === null);

/** How many have reached an end, of all that were enrolled. */
export const endedOf = (send: Send): number => send.completed + send.partialFailure + send.failed + send.cancelled;
