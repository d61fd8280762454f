import { z } from "zod";
import type { DeliveryReport, InboundEvent } from "../../inbound-events.ts";
import { InboundRefused, type ProviderInbound } from "../../provider-server.ts";
import type { resend } from "./settings.ts";
import { isSignedBySvix } from "./signature.ts";

/** The fields of an event that are read. Resend adds others without notice. */
const Event = z.object({
  type: z.string(),
  data: z.object({
    email_id: z.string().min(1).max(200).optional(),
    bounce: z
      .object({ message: z.string().default(""), type: z.string().default(""), subType: z.string().default("") })
      .partial()
      .optional(),
    failed: z.object({ reason: z.string() }).partial().optional(),
    suppressed: z.object({ message: z.string() }).partial().optional(),
    tags: z.unknown().optional(),
  }),
});
type Event = z.output<typeof Event>;

export const resendInbound: ProviderInbound<typeof resend> = {
  verify: (request, { secrets }) => isSignedBySvix(request, secrets.webhookSecret),

  parse: ({ body }) => {
    const event = Event.safeParse(parseJson(body)).data;
    if (!event) throw new InboundRefused("This call holds no event of Resend. Set the address for events of e-mails only.");
    const { email_id: providerMessageId } = event.data;
    // Events of domains and contacts say nothing about a message.
    if (providerMessageId === undefined || !event.type.startsWith("email.")) return [];
    const messageId = messageIdIn(event.data.tags);
    return toEvents(event, { providerMessageId, ...(messageId && { messageId }) });
  },
};

function toEvents({ type, data }: Event, message: { providerMessageId: string; messageId?: string }): InboundEvent[] {
  const report = (more: Omit<DeliveryReport, "kind" | "providerMessageId">): InboundEvent[] => [{ kind: "delivery", ...message, ...more }];
  switch (type) {
    case "email.sent":
    case "email.scheduled":
    case "email.delivery_delayed":
      return report({ status: "taken" });
    case "email.delivered":
      return report({ status: "delivered" });
    case "email.bounced": {
      const { type: kind, message: said = "" } = data.bounce ?? {};
      const isHard = kind === "Permanent";
      return report({
        status: "undelivered",
        reason: isHard ? "mailbox_not_found" : "mailbox_unavailable",
        message: said,
        invalidatesAddress: { after: isHard ? 1 : 3 },
      });
    }
    case "email.failed":
      return report({ status: "undelivered", reason: "not_delivered", message: data.failed?.reason ?? "" });
    case "email.suppressed":
      return report({
        status: "undelivered",
        reason: "bounced_before",
        message: data.suppressed?.message ?? "The address is on the suppression list of Resend",
        invalidatesAddress: { after: 1 },
      });
    case "email.complained":
      return [{ kind: "refused", ...message, reason: "complaint" }];
    // Nobody asked whether the e-mail was opened, and what came in is not ours to read here.
    case "email.opened":
    case "email.clicked":
    case "email.received":
      return [];
    default:
      return [{ kind: "unclear", providerMessageId: message.providerMessageId, what: `the event "${type.slice(0, 50)}"` }];
  }
}

/** Our id of the message, from the tags: a list of names and values, or an object of them. */
function messageIdIn(tags: unknown): string | undefined {
  const list = z.array(z.object({ name: z.string(), value: z.string() })).safeParse(tags).data;
  const value = list ? list.find(({ name }) => name === "message")?.value : z.object({ message: z.string() }).safeParse(tags).data?.message;
  return z.uuid().safeParse(value).data;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
