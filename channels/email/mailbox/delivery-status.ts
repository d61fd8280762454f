import { isSendableEmail } from "#contract/email-address.ts";
import type { MailReport } from "../../mailbox.ts";
import { judgeRefusal } from "../smtp/verdict.ts";
import { addressOfField, type ReportFields, readFieldGroups } from "./report-fields.ts";

/** What a delivery report (RFC 3464) tells of one message of ours. Each of our messages goes to one address, so what a report tells of several is one thing. */
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

type Failure = Pick<Extract<MailReport, { kind: "delivery" }>, "reason" | "message" | "invalidatesAddress">;

/**
 * A mailbox that does not exist closes its address at once, one that takes nothing for now after the third time. A refusal of the message,
 * such as one for spam, says nothing about the address. The words are judged as those of a server that refuses while it is handed a mail.
 */
function judgeFailure(group: ReportFields, recipients: readonly string[]): Failure {
  const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(group.get("status") ?? "")?.[0] ?? "";
  const diagnostic = (group.get("diagnostic-code") ?? "").replace(/^[\w-]+\s*;\s*/, "").slice(0, 2_000);
  const message = diagnostic === "" ? status : diagnostic;
  const isPassing = status.startsWith("4.") || status === "5.2.2" || /^4\d\d\b/.test(diagnostic);
  if (isPassing) return { reason: "mailbox_unavailable", message, invalidatesAddress: { after: 3 } };
  const code = Number(/^5\d\d\b/.exec(diagnostic)?.[0] ?? 550);
  const words = /(?<![\d.])5\.\d{1,3}\.\d{1,3}(?!\.?\d)/.test(diagnostic) ? diagnostic : `${code} ${status} ${diagnostic}`;
  const recipient = recipients.find(isSendableEmail) ?? "";
  const verdict = judgeRefusal({ command: undefined, handedOver: true, code, words, recipient });
  return verdict === "mailbox"
    ? { reason: "mailbox_not_found", message, invalidatesAddress: { after: 1 } }
    : { reason: "not_delivered", message };
}
