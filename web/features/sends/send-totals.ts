import type { Send } from "#contract/sends.ts";

export interface TotalsPart {
  key: "completed" | "active" | "partialFailure" | "failed" | "cancelled" | "notEnrolled" | "unread";
  label: string;
  count: number;
}

/**
 * A send taken apart so that the parts make up the whole: everybody selected is in exactly one of them. While the
 * server still enrols, those it has not come to yet are a part too ("unread").
 */
export const totalsParts = (send: Send): TotalsPart[] => {
  const unread = send.state === "enrolling" ? Math.max(0, send.total - send.enrolled - send.notEnrolled) : 0;
  return [
    { key: "completed", label: "Completed", count: send.completed },
    { key: "active", label: "Under way", count: send.active },
    { key: "partialFailure", label: "Finished with errors", count: send.partialFailure },
    { key: "failed", label: "Failed", count: send.failed },
    { key: "cancelled", label: "Cancelled", count: send.cancelled },
    { key: "notEnrolled", label: "Not enrolled", count: send.notEnrolled },
    { key: "unread", label: "Not yet enrolled", count: unread },
  ];
};

export interface Sum {
  whole: { label: string; count: number };
  parts: { label: string; count: number }[];
  /** How many are in the whole and in no part. Anything but zero is a fault, and is shown. */
  missing: number;
}

/** The two sums of a send, written out: selected = enrolled + not enrolled, enrolled = where each execution stands. */
export const totalsSums = (send: Send): [selected: Sum, enrolled: Sum] => {
  const byKey = new Map(totalsParts(send).map((part) => [part.key, part]));
  const part = (key: TotalsPart["key"]) => byKey.get(key) as TotalsPart;
  const unread = part("unread");
  return [
    sum("Selected", send.total, [
      { label: "Enrolled", count: send.enrolled },
      part("notEnrolled"),
      ...(send.state === "enrolling" ? [unread] : []),
    ]),
    sum("Enrolled", send.enrolled, [part("completed"), part("active"), part("partialFailure"), part("failed"), part("cancelled")]),
  ];
};

const sum = (label: string, count: number, parts: { label: string; count: number }[]): Sum => ({
  whole: { label, count },
  parts: parts.map((part) => ({ label: part.label, count: part.count })),
  missing: count - parts.reduce((total, part) => total + part.count, 0),
});

/** How many have reached an end, of all that were enrolled. */
export const endedOf = (send: Send): number => send.completed + send.partialFailure + send.failed + send.cancelled;
