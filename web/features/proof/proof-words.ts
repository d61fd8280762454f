import { staysHere } from "#channels/stays-here.ts";
import type { ProofLine, ReportStatus } from "#contract/proof.ts";
import { reasons } from "#contract/reasons.ts";

/** One moment of the record of a message. */
export interface ProofMoment {
  key: string;
  at: string;
  words: string;
  /** What the provider said, in its own words. */
  said?: string | null;
  isBad?: boolean;
}

const reportWords: Record<ReportStatus, string> = {
  taken: "The provider reports that it has the message",
  sent: "The provider reports that it has handed the message on",
  delivered: "The provider reports that it was delivered",
  undelivered: "The provider reports that it was not delivered",
  complaint: "The contact reported it as spam",
  unsubscribe: "The contact unsubscribed at the provider",
};

const why = (reason: ProofLine["reason"]): string => (reason === null ? "" : `: ${reasons[reason].text}`);

/** What is on record about a message, in the order in which it happened. */
export function momentsOf(line: ProofLine): ProofMoment[] {
  const { tries } = line;
  const refused = tries.filter(({ status }) => status === "failed" || status === "waiting" || status === "skipped");
  const moments: (ProofMoment | "" | null)[] = [
    { key: "written", at: line.writtenAt, words: "Written down, before the provider was called" },
    ...refused.map(({ attempt, at, status, reason, error }) => ({
      key: `try-${attempt}`,
      at,
      words: `Try ${attempt} ${status === "waiting" ? "has to be repeated" : status === "skipped" ? "was skipped" : "did not leave"}${why(reason)}`,
      said: error,
      isBad: status === "failed",
    })),
    line.doubtAt && { key: "doubt", at: line.doubtAt, words: "In doubt: handed over, and no answer came", isBad: true },
    line.sentAt && {
      key: "sent",
      at: line.sentAt,
      words: staysHere(line.provider) ? "Kept here as a test; nothing left" : "The provider took it",
    },
    ...line.reports.map(({ at, status, reason, error }, place) => ({
      key: `report-${place}`,
      at,
      words: `${reportWords[status]}${why(reason)}`,
      said: error,
      isBad: status === "undelivered" || status === "complaint",
    })),
    // Reports are kept since this was built, and a message may be older.
    line.deliveredAt && line.reports.length === 0 ? { key: "delivered", at: line.deliveredAt, words: reportWords.delivered } : null,
    line.status === "failed" && refused.length === 0
      ? { key: "failed", at: line.changedAt, words: `It did not leave${why(line.reason)}`, said: line.error, isBad: true }
      : null,
  ];
  return moments.filter((one) => one !== null && one !== "").sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
