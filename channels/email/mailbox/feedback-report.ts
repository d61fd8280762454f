import type { MailReport } from "../../mailbox.ts";
import { readFieldGroups } from "./report-fields.ts";

/** Reads what a feedback report (RFC 5965) tells of one message of ours: a mailbox provider passes on that somebody called it spam. */
export function readFeedbackReport(content: string, messageId: string): MailReport[] {
  const type = readFieldGroups(content)
    .flatMap((group) => group.get("feedback-type") ?? [])[0]
    ?.toLowerCase();
  switch (type) {
    case undefined:
    case "not-spam":
      return [];
    case "opt-out":
    case "opt-out-list":
      return [{ kind: "refused", messageId, reason: "unsubscribe" }];
    // abuse, fraud, virus, and what others may come to be: the person did not want it.
    default:
      return [{ kind: "refused", messageId, reason: "complaint" }];
  }
}
