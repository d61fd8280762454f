import { isSendableEmail } from "#contract/email-address.ts";
import type { MailReport } from "../../mailbox.ts";
import { judgeReturned } from "../returned-mail.ts";
import { addressOfField, type ReportFields, readFieldGroups } from "./report-fields.ts";

/** Reads what a delivery report (RFC 3464) tells of one message of ours. Each of our messages goes to one address, so what a report tells of several is one thing. */
export function readDeliveryStatus(content: string, messageId: string): MailReport[] {
  // The first group is about the report itself.
  const perRecipient = readFieldGroups(content).filter((group) => group.has("action") || group.has("final-recipient"));
  return perRecipient.slice(0, mostRead).flatMap((group) => readRecipient(group, messageId));
}

const mostRead = 5;

function readRecipient(group: ReportFields, messageId: string): MailReport[] {
  const recipients = ["original-recipient", "final-recipient"].flatMap((name) => addressOfField(group.get(name)) ?? []);
  const base = { kind: "delivery" as const, messageId, recipients };
  switch (group.get("action")?.split(/[\s;]/)[0]?.toLowerCase()) {
    case "delayed":
      return [{ ...base, status: "taken" }];
    case "relayed":
    case "expanded":
      return [{ ...base, status: "sent" }];
    case "delivered":
      return [{ ...base, status: "delivered" }];
    case "failed":
      return [{ ...base, status: "undelivered", ...judgeFailure(group, recipients) }];
    default:
      return [];
  }
}

/** Why it failed. The words are judged as those of a server that refuses while it is handed a mail. */
function judgeFailure(group: ReportFields, recipients: readonly string[]) {
  const answer = group.get("diagnostic-code") ?? "";
  return judgeReturned({ answer, status: group.get("status"), recipient: recipients.find(isSendableEmail) ?? "" });
}
