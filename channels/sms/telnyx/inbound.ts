import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import type { DeliveryReport, InboundEvent, ReceivedMessage } from "../../inbound-events.ts";
import { InboundRefused, type InboundRequest, type ProviderInbound } from "../../provider-server.ts";
import { describeTelnyxError, findTelnyxError } from "./errors.ts";
import type { telnyx } from "./settings.ts";

/** A call that was signed longer ago, or is from so far ahead, may be one that somebody kept. */
const tolerancesMs = 5 * 60_000;
/** These bytes stand before the 32 bytes of an Ed25519 key where it is written as DER. */
const derPrefix = Buffer.from("302a300506032b6570032100", "hex");

const Party = z.object({ phone_number: z.string().max(100).optional(), status: z.string().max(100).optional() });
const Call = z.object({
  data: z.object({
    event_type: z.string().max(100),
    payload: z.object({
      id: z.string().min(1).max(100),
      from: Party.optional(),
      to: z.array(Party).optional(),
      text: z.string().nullish(),
      /** Set where the profile has answered the word by itself. */
      autoresponse_type: z.string().max(100).nullish(),
      received_at: z.string().max(50).nullish(),
      media: z.array(z.unknown()).nullish(),
      errors: z.array(z.object({ code: z.coerce.string(), title: z.string().optional(), detail: z.string().optional() })).nullish(),
    }),
  }),
});
type Payload = z.infer<typeof Call>["data"]["payload"];

export const telnyxInbound: ProviderInbound<typeof telnyx> = {
  verify({ headers, body }, { settings: { publicKey } }) {
    const { "telnyx-signature-ed25519": signature, "telnyx-timestamp": timestamp } = headers;
    if (typeof signature !== "string" || typeof timestamp !== "string" || !/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(Date.now() - Number(timestamp) * 1_000) > tolerancesMs) return false;
    const bytes = Buffer.from(signature, "base64");
    if (bytes.length !== 64) return false;
    const key = createPublicKey({ key: Buffer.concat([derPrefix, Buffer.from(publicKey, "base64")]), format: "der", type: "spki" });
    return verify(null, Buffer.concat([Buffer.from(`${timestamp}|`), body]), key, bytes);
  },

  parse(request): InboundEvent[] {
    const call = readCall(request.body);
    if (!call)
      throw new InboundRefused(
        "This call is about no message. The address is for messages of a messaging profile, in version 2 of the API.",
      );
    const { event_type, payload } = call.data;
    if (event_type === "message.received") return [toMessage(payload)];
    if (event_type === "message.sent" || event_type === "message.finalized") return [toReport(request, payload)];
    return [{ kind: "unclear", providerMessageId: payload.id, what: `the event "${event_type.slice(0, 50)}"` }];
  },
};

function readCall(body: Buffer): z.infer<typeof Call> | undefined {
  try {
    return Call.safeParse(JSON.parse(body.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Files are counted and not fetched. */
const mostFiles = 1_000;

const toMessage = ({ id, from, to, text, media, autoresponse_type, received_at }: Payload): InboundEvent => ({
  kind: "received",
  providerMessageId: id,
  from: from?.phone_number ?? "",
  to: to?.[0]?.phone_number ?? "",
  text: text ?? "",
  files: Math.min(media?.length ?? 0, mostFiles),
  ...(autoresponse_type && { providerAnswersHelp: true }),
  ...withHeard(autoresponse_type ?? text ?? ""),
  ...withTime(received_at ?? ""),
});

const withTime = (at: string): Pick<ReceivedMessage, "writtenAt"> =>
  !/^2\d{3}-/.test(at) || Number.isNaN(Date.parse(at)) ? {} : { writtenAt: new Date(at) };

/** The words by which Telnyx stops and allows messages where they are the whole text. A profile with words of its own says which of the two it took one for. */
const heardWords: Readonly<Record<string, ReceivedMessage["providerHeard"]>> = {
  ...Object.fromEntries(
    ["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "opt_out"].map((word) => [word, "stop"] as const),
  ),
  ...Object.fromEntries(["start", "unstop", "opt_in"].map((word) => [word, "start"] as const)),
};

function withHeard(word: string): Pick<ReceivedMessage, "providerHeard"> {
  const said = word.trim().toLowerCase();
  const heard = Object.hasOwn(heardWords, said) ? heardWords[said] : undefined;
  return heard === undefined ? {} : { providerHeard: heard };
}

const statuses: Readonly<Record<string, DeliveryReport["status"]>> = {
  queued: "taken",
  sending: "taken",
  sent: "sent",
  delivered: "delivered",
  // The carrier gives no receipt, so this is as much as will ever be known.
  delivery_unconfirmed: "sent",
  sending_failed: "undelivered",
  delivery_failed: "undelivered",
};

function toReport(request: InboundRequest, { id, to, errors }: Payload): InboundEvent {
  const said = to?.[0]?.status ?? "";
  const status = Object.hasOwn(statuses, said) ? statuses[said] : undefined;
  if (status === undefined) return { kind: "unclear", providerMessageId: id, what: `the status "${said.slice(0, 50)}"` };
  const { data: messageId } = z.uuid().safeParse(URL.parse(request.url)?.searchParams.get("message"));
  const report: DeliveryReport = { kind: "delivery", providerMessageId: id, status, ...(messageId && { messageId }) };
  if (status !== "undelivered") return report;
  const [first] = errors ?? [];
  const error = findTelnyxError(first?.code);
  return {
    ...report,
    reason: error?.reason ?? "not_delivered",
    message: describeTelnyxError(first?.code, first?.detail ?? first?.title),
    ...(error?.concerns === "address" && { invalidatesAddress: { after: error.after ?? 1 } }),
    ...(error?.concerns === "person" && { optedOut: true }),
    ...(error?.concerns === "channel" && !error.retryable && { pausesChannel: true }),
  };
}
