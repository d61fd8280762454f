import { z } from "zod";
import type { DeliveryReport, InboundEvent } from "../../inbound-events.ts";
import { InboundRefused, type ProviderInbound } from "../../provider-server.ts";
import type { sendgrid } from "./settings.ts";
import { isSignedBySendgrid } from "./signature.ts";

/** What is read of an event. SendGrid adds fields without notice, and puts what we sent along beside its own. */
const Event = z.object({
  event: z.string(),
  sg_message_id: z.string().max(500).optional(),
  sluice_message: z.uuid().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
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
      // A "blocked" one may pass: the mailbox is full, or the receiving side does not like the sender today.
      return event.type === "blocked"
        ? report({ status: "undelivered", reason: "mailbox_unavailable", message: said, invalidatesAddress: { after: 3 } })
        : report({ status: "undelivered", reason: "mailbox_not_found", message: said, invalidatesAddress: { after: 1 } });
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

/** SendGrid did not try, because of what it knows of the address. */
function dropped(
  said: string,
  message: { providerMessageId: string; messageId?: string },
  report: (more: Omit<DeliveryReport, "kind" | "providerMessageId">) => InboundEvent[],
): InboundEvent[] {
  if (/bounced|invalid/i.test(said))
    return report({ status: "undelivered", reason: "bounced_before", message: said, invalidatesAddress: { after: 1 } });
  const refused = /spam report/i.test(said) ? "complaint" : /unsubscribe/i.test(said) ? "unsubscribe" : undefined;
  return [
    ...report({ status: "undelivered", reason: refused ? "opted_out_email" : "not_delivered", message: said }),
    ...(refused ? [{ kind: "refused" as const, ...message, reason: refused } as const] : []),
  ];
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
