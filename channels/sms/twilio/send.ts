import type { DoubtfulMessage, OutgoingMessage, Provider, ReconcileResult, SendResult } from "../../channel.ts";
import type { ProviderAnswer } from "../../http/provider-answer.ts";
import { callableAddress } from "../../inbound-address.ts";
import type { ProviderSend } from "../../provider-server.ts";
import { paceOfSender } from "../sender-paces.ts";
import { callTwilio, readRefusal, type TwilioAccess, TwilioMessage } from "./api.ts";
import { describeTwilioError, findTwilioError } from "./errors.ts";
import { findInRecords, listedWithinMs } from "./reconcile.ts";
import type { twilio } from "./settings.ts";

/** How many calls one process makes at the same time. Each has a connection of its own. */
const concurrency = 10;

export const twilioSend: ProviderSend<typeof twilio> = {
  problems: ({ senders, messagingServiceSid }) => {
    if (senders.length === 0 && !messagingServiceSid)
      return [{ path: "settings.senders", message: "A sender is needed: a number of the account, or a messaging service" }];
    if (senders.length > 0 && messagingServiceSid)
      return [
        { path: "settings.messagingServiceSid", message: "Either numbers or a messaging service: a service chooses the number itself" },
      ];
    return [];
  },

  open({ settings, secrets, name, rules, inboundUrl }): Provider {
    const { accountSid, apiKeySid, region, senders, messagingServiceSid, paces, validMinutes } = settings;
    const baseUrl = rules.providerUrls?.[name];
    const access: TwilioAccess = {
      accountSid,
      user: apiKeySid ?? accountSid,
      password: (apiKeySid ? secrets.apiKeySecret : secrets.authToken) ?? "",
      region,
      baseUrl,
    };
    const reportsTo = callableAddress(inboundUrl, baseUrl);

    return {
      name,
      from: senders.length === 1 ? (senders[0] ?? null) : (messagingServiceSid ?? null),
      senders: senders.length > 0 ? senders : [messagingServiceSid ?? ""],
      paceOf: (sender) => paceOfSender(paces, sender),
      concurrency,

      async send(message, { signal }): Promise<SendResult> {
        const form = {
          To: message.to,
          Body: message.text,
          ...(messagingServiceSid ? { MessagingServiceSid: messagingServiceSid } : { From: senderOf(message, senders) }),
          ...(reportsTo && { StatusCallback: `${reportsTo}?message=${message.id}` }),
          ValidityPeriod: String(validSeconds(message, validMinutes)),
        };
        return toSendResult(await callTwilio(access, "/Messages.json", { form, signal }));
      },

      reconcile: (message: DoubtfulMessage, { signal }): Promise<ReconcileResult> => findInRecords(access, message, signal),
      reconcileAfterMs: listedWithinMs,

      async check({ signal }) {
        const ways = [access, ...(apiKeySid ? [{ ...access, user: accountSid, password: secrets.authToken ?? "" }] : [])];
        for (const way of ways) {
          const trouble = troubleOf(await callTwilio(way, "/Messages.json", { query: { PageSize: "1" }, signal }));
          if (trouble !== undefined)
            return way === access ? trouble : `${trouble} This is about the auth token, with which Twilio signs its calls`;
        }
        return undefined;
      },
    };
  },
};

/** A message that Twilio would hand on after the hours of the place is to be given up before. */
const validSeconds = ({ validUntil }: OutgoingMessage, validMinutes: number): number =>
  Math.max(
    60,
    Math.min(validMinutes * 60, validUntil === undefined ? Number.POSITIVE_INFINITY : Math.floor((validUntil - Date.now()) / 1000)),
  );

const senderOf = ({ from }: OutgoingMessage, senders: readonly string[]): string =>
  // A sender that was taken from the settings meanwhile is not used any more.
  (from !== undefined && senders.includes(from) ? from : senders[0]) ?? "";

/**
 * Tells what an answer means for the message. Creating a message is not idempotent, and an answer of the 500s or none at all may
 * come although it was sent, so then nobody knows.
 */
function toSendResult(answer: ProviderAnswer): SendResult {
  if (answer.outcome === "unanswered") {
    if (answer.mayHaveLeft) return { outcome: "unknown", message: `Twilio did not answer: ${answer.message}` };
    return { outcome: "rejected", reason: "provider_unavailable", message: `Twilio cannot be reached: ${answer.message}`, retryable: true };
  }
  const { status, body, retryAfterMs } = answer;
  const created = status === 200 || status === 201 ? TwilioMessage.safeParse(body).data : undefined;
  if (created) return { outcome: "accepted", providerMessageId: created.sid };
  const refusal = readRefusal(body);
  if (status >= 500 || status < 300)
    return { outcome: "unknown", message: `Twilio answered with ${status}, which does not tell whether it took the message` };
  return toRejection(status, refusal, retryAfterMs);
}

function toRejection(status: number, refusal: ReturnType<typeof readRefusal>, retryAfterMs: number | undefined): SendResult {
  const code = refusal?.code ?? codeOfStatus[status];
  // Something between us and Twilio answered, and nobody knows what it passed on.
  if (!refusal && code === undefined) return { outcome: "unknown", message: `An answer of ${status} that is not Twilio's` };
  const message = describeTwilioError(code, refusal?.message);
  const known = findTwilioError(code);
  if (!known) return { outcome: "rejected", reason: "provider_rejected", message, retryable: false };
  const { reason, concerns, retryable = false, restMs, after } = known;
  if (concerns === "channel") {
    const rest = restMs === undefined ? {} : { retryAfterMs: retryAfterMs ?? restMs };
    // Every message would meet the same, so none of them loses a try by it.
    return { outcome: "rejected", reason, message, retryable: true, costsTry: false, ...(retryable ? rest : { pausesChannel: true }) };
  }
  return {
    outcome: "rejected",
    reason,
    message,
    retryable,
    ...(concerns === "address" && after === 1 && { invalidatesAddress: true }),
    ...(concerns === "person" && { optedOut: true }),
  };
}

/** The meaning of a bare status, from Twilio or from something before it. With these nothing was sent. */
const codeOfStatus: Readonly<Record<number, number>> = { 401: 20003, 403: 20003, 404: 20404, 429: 20429 };

function troubleOf(answer: ProviderAnswer): string | undefined {
  if (answer.outcome === "unanswered") return `Twilio cannot be reached: ${answer.message.replace(/\.$/, "")}`;
  if (answer.status === 200) return undefined;
  const refusal = readRefusal(answer.body);
  return describeTwilioError(refusal?.code ?? codeOfStatus[answer.status], refusal?.message ?? `It answers with ${answer.status}`).replace(
    /\.$/,
    "",
  );
}
