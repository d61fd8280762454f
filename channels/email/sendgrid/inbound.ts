import { z } from "zod";
import type { DeliveryReport, InboundEvent } from "../../inbound-events.ts";
import { InboundRefused, type ProviderInbound } from "../../provider-server.ts";
import { mailRefusals } from "../refusals.ts";
import { judgeReturned } from "../returned-mail.ts";
import type { sendgrid } from "./settings.ts";
import { isSignedBySendgrid } from "./signature.ts";

/** These fields of an event are read. SendGrid adds fields without notice, and puts what we sent along beside its own. */
const Event = z.object({
  event: z.string(),
  email: z.string().max(500).optional().catch(undefined),
  sg_message_id: z.string().max(500).optional(),
  sluice_message: z.uuid().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  bounce_classification: z.string().optional().catch(undefined),
});
type Event = z.output<typeof Event>;

/** A batch holds what fits into the body. */
const mostEvents = 10_000;

export const sendgridInbound: ProviderInbound<typeof sendgrid> = {
  verify: (request, { settings }) => isSignedBySendgrid(request, settings.verificationKey),

  parse: ({ body }) => {
    const events = z.array(z.unknown()).max(mostEvents).safeParse(parseJson(body)).data;
    if (!events) throw new InboundRefused("This call holds no list of events. Set the address as the event webhook of SendGrid.");
    return events.flatMap((event) => {
      const { data } = Event.safeParse(event);
      return data ? toEvents(data) : [];
    });
  },
};

function toEvents(event: Event): InboundEvent[] {
  // "<the id that the API gave>.<where it went>"; the events of one message differ behind the dot.
  const providerMessageId = event.sg_message_id?.split(".")[0];
  if (!providerMessageId) return [];
  const message = { providerMessageId, ...(event.sluice_message && { messageId: event.sluice_message }) };
  const report = (more: Omit<DeliveryReport, "kind" | "providerMessageId">): InboundEvent[] => [{ kind: "delivery", ...message, ...more }];
  const said = event.reason ?? "";
  switch (event.event) {
    case "processed":
    case "deferred":
      return report({ status: "taken" });
    case "delivered":
      return report({ status: "delivered" });
    case "bounce":
      return report({ status: "undelivered", ...judgeReturned(toReturned(event)) });
    case "dropped":
      return dropped(said, message, report);
    case "spamreport":
      return [{ kind: "refused", ...message, reason: "complaint" }];
    case "unsubscribe":
    case "group_unsubscribe":
      return [{ kind: "refused", ...message, reason: "unsubscribe" }];
    case "open":
    case "click":
    case "group_resubscribe":
      return [];
    default:
      return [{ kind: "unclear", providerMessageId, what: `the event "${event.event.slice(0, 50)}"` }];
  }
}

/** A "blocked" one may pass: the mailbox is full, or the receiving side does not like the sender today. */
const toReturned = ({ type, status, reason = "", email = "", bounce_classification: kind = "" }: Event) => ({
  answer: reason,
  status,
  recipient: email,
  provider:
    type === "blocked" || kind === "Mailbox Unavailable"
      ? ("passing" as const)
      : kind === "Invalid Address" || (kind === "" && reason === "" && !status)
        ? ("dead" as const)
        : undefined,
});

const refusedBy = mailRefusals("SendGrid");

/** SendGrid did not try, because of what it knows of the address, or because of the message or the account. */
function dropped(
  said: string,
  message: { providerMessageId: string; messageId?: string },
  report: (more: Omit<DeliveryReport, "kind" | "providerMessageId">) => InboundEvent[],
): InboundEvent[] {
  const refused = /spam report/i.test(said) ? "complaint" : /unsubscribe/i.test(said) ? "unsubscribe" : undefined;
  if (refused)
    return [
      ...report({ status: "undelivered", reason: "opted_out_email", message: said }),
      { kind: "refused" as const, ...message, reason: refused },
    ];
  // The words are all that SendGrid says of an address that cannot be one.
  if (/^invalid( e-?mail)?( address)?\.?$/i.test(said.trim()))
    return report({ status: "undelivered", reason: "bad_email", message: said, invalidatesAddress: { after: 1 } });
  // Why the earlier message came back is not told. What made it come back may have been ours and mended since, so our own list has no part in it.
  if (/^bounced/i.test(said.trim()))
    return report({
      status: "undelivered",
      reason: "bounced_before",
      message: `SendGrid sends nothing to an address that is on its list of bounces. If the address is right, take it off that list at SendGrid. ${said}`,
    });
  if (/quota|credits/i.test(said)) {
    const { reason, message: words } = refusedBy.account(said);
    return report({ status: "undelivered", reason, message: words, pausesChannel: true });
  }
  return report({
    status: "undelivered",
    reason: "provider_rejected",
    message: `SendGrid refused the message and not its address. Correct what it names and send the message again. ${said}`.trim(),
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
