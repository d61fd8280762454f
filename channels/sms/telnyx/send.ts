import { z } from "zod";
import type { OutgoingMessage, Provider, SendResult } from "../../channel.ts";
import { guardedRequest } from "../../http/guarded-request.ts";
import { providerRules } from "../../http/provider-answer.ts";
import { callableAddress } from "../../inbound-address.ts";
import type { ProviderSend } from "../../provider-server.ts";
import { paceOfSender } from "../sender-paces.ts";
import { describeTelnyxError, findTelnyxError } from "./errors.ts";
import type { telnyx } from "./settings.ts";

/** How many calls one process makes at the same time. Each has a connection of its own. */
const concurrency = 10;
/** Milliseconds. */
const timeoutMs = 30_000;

const Created = z.object({ data: z.object({ id: z.string().min(1).max(100) }) });
const Refusal = z.object({
  errors: z.array(z.object({ code: z.coerce.string(), title: z.string().optional(), detail: z.string().optional() })).min(1),
});

export const telnyxSend: ProviderSend<typeof telnyx> = {
  problems: ({ senders, messagingProfileId }) =>
    senders.some(isName) && !messagingProfileId
      ? [{ path: "settings.messagingProfileId", message: "A name as sender needs the messaging profile that may use it" }]
      : [],

  open({ settings: { senders, paces, messagingProfileId }, secrets, name, rules, inboundUrl }): Provider {
    const baseUrl = rules.providerUrls?.[name];
    const base = baseUrl ?? "https://api.telnyx.com";
    const reportsTo = callableAddress(inboundUrl, baseUrl);
    const call = (path: string, body: object | undefined, signal: AbortSignal) =>
      guardedRequest(
        {
          method: body ? "POST" : "GET",
          url: `${base}/v2${path}`,
          headers: {
            Authorization: `Bearer ${secrets.apiKey ?? ""}`,
            Accept: "application/json",
            "User-Agent": "Sluice",
            ...(body && { "Content-Type": "application/json" }),
          },
          ...(body && { body: JSON.stringify(body) }),
          timeoutMs,
          // A redirect could carry a message to somewhere else.
          followsRedirects: false,
        },
        { rules: providerRules(baseUrl), signal },
      );

    return {
      name,
      from: senders.length === 1 ? (senders[0] ?? null) : null,
      senders,
      paceOf: (sender) => paceOfSender(paces, sender),
      concurrency,

      async send(message, { signal }): Promise<SendResult> {
        const answer = await call(
          "/messages",
          {
            from: senderOf(message, senders),
            to: message.to,
            text: message.text,
            type: "SMS",
            ...(messagingProfileId && { messaging_profile_id: messagingProfileId }),
            ...(reportsTo && { webhook_url: `${reportsTo}?message=${message.id}`, use_profile_webhooks: false }),
          },
          signal,
        );
        return toSendResult(answer);
      },

      async check({ signal }) {
        const answer = await call("/messaging_profiles?page[size]=1", undefined, signal);
        if (answer.outcome !== "answered") return `Telnyx cannot be reached: ${answer.message}`;
        if (answer.status === 200) return undefined;
        const refusal = readRefusal(answer);
        return describeTelnyxError(refusal?.code ?? (answer.status === 401 ? "10009" : undefined), refusal?.words);
      },
    };
  },
};

const isName = (sender: string) => /[A-Za-z]/.test(sender);

const senderOf = ({ from }: OutgoingMessage, senders: readonly string[]): string =>
  // A sender that was taken from the settings meanwhile is not used any more.
  (from !== undefined && senders.includes(from) ? from : senders[0]) ?? "";

type Answer = Awaited<ReturnType<typeof guardedRequest>>;
type Answered = Extract<Answer, { outcome: "answered" }>;

const bodyOf = (answer: Answered): unknown => {
  if (answer.unreadable !== undefined || answer.isCut) return undefined;
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
};

function readRefusal(answer: Answered): { code: string; words: string | undefined } | undefined {
  const [first] = Refusal.safeParse(bodyOf(answer)).data?.errors ?? [];
  return first && { code: first.code, words: first.detail ?? first.title };
}

/**
 * Tells what an answer means for the message. Creating a message is not idempotent, and an answer of the 500s or none at all may
 * come although it was sent, so then nobody knows.
 */
function toSendResult(answer: Answer): SendResult {
  if (answer.outcome === "refused")
    return { outcome: "rejected", reason: "provider_unavailable", message: `Telnyx cannot be reached: ${answer.message}`, retryable: true };
  if (answer.outcome !== "answered") {
    if (answer.mayHaveLeft) return { outcome: "unknown", message: `Telnyx did not answer: ${answer.message}` };
    return { outcome: "rejected", reason: "provider_unavailable", message: `Telnyx cannot be reached: ${answer.message}`, retryable: true };
  }
  const { status } = answer;
  const created = status === 200 || status === 201 ? Created.safeParse(bodyOf(answer)).data : undefined;
  if (created) return { outcome: "accepted", providerMessageId: created.data.id };
  if (status >= 500 || status < 300)
    return { outcome: "unknown", message: `Telnyx answered with ${status}, which does not tell whether it took the message` };
  const refusal = readRefusal(answer);
  const code = refusal?.code ?? codeOfStatus[status];
  // Something between us and Telnyx answered, and nobody knows what it passed on.
  if (code === undefined) return { outcome: "unknown", message: `An answer of ${status} that is not Telnyx's` };
  const message = describeTelnyxError(code, refusal?.words);
  const known = findTelnyxError(code) ?? findTelnyxError(codeOfStatus[status]);
  if (!known) return { outcome: "rejected", reason: "provider_rejected", message, retryable: false };
  const { reason, concerns, retryable = false, restMs, after } = known;
  if (concerns === "channel") {
    // Every message would meet the same, so none of them loses a try by it.
    const rest = restMs === undefined ? {} : { retryAfterMs: secondsOf(answer.retryAfter) ?? restMs };
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

const codeOfStatus: Readonly<Record<number, string>> = { 401: "10009", 402: "20100", 403: "10010", 429: "10011" };
const secondsOf = (header: string | undefined) => (header && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined);
