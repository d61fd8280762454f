import { z } from "zod";
import type { DeliveryReport, InboundEvent } from "../../inbound-events.ts";
import { InboundRefused, type ProviderInbound } from "../../provider-server.ts";
import { judgeReturned } from "../returned-mail.ts";
import type { resend } from "./settings.ts";
import { isSignedBySvix } from "./signature.ts";

/** The fields of an event that are read. Resend adds others without notice. */
const Event = z.object({
  type: z.string(),
  data: z.object({
    email_id: z.string().min(1).max(200).optional(),
    to: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .catch(undefined),
    bounce: z
      .object({
        message: z.string(),
        type: z.string(),
        subType: z.string(),
        // The answer of the mail server, while the message is Resend's explanation of such bounces.
        diagnosticCode: z.union([z.string(), z.array(z.string())]).catch(""),
      })
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
    case "email.bounced":
      return report({ status: "undelivered", ...judgeBounce(data) });
    case "email.failed":
      return report({ status: "undelivered", reason: "not_delivered", message: data.failed?.reason ?? "" });
    case "email.suppressed":
      return report({
        status: "undelivered",
        reason: "bounced_before",
        message: `${onItsList} ${data.suppressed?.message ?? ""}`.trim(),
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

/** Why the address is on the list is not told: it may have been a fault of ours that was mended since, so our own list has no part in it. */
const onItsList =
  "Resend sends nothing to an address that is on its list of suppressions. If the address is right, take it off that list at Resend.";

function judgeBounce({ bounce = {}, to }: Event["data"]): Pick<DeliveryReport, "reason" | "message" | "invalidatesAddress"> {
  const { type, subType = "", message = "", diagnosticCode } = bounce;
  if (/suppress/i.test(subType)) return { reason: "bounced_before", message: `${onItsList} ${message}`.trim() };
  const [answer = ""] = [diagnosticCode ?? []].flat().filter((text) => text !== "");
  if (answer === "" && subType === "MessageTooLarge") return judgeReturned({ answer: message, status: "5.3.4", recipient: "" });
  if (answer === "" && /^(Content|Attachment)Rejected$/.test(subType))
    return judgeReturned({ answer: message, status: "5.6.0", recipient: "" });
  return judgeReturned({
    answer: answer === "" ? message : answer,
    recipient: [to ?? []].flat()[0] ?? "",
    provider: type === "Permanent" ? (answer === "" ? "dead" : undefined) : "passing",
  });
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
