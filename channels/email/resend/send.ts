import { z } from "zod";
import { isSendableEmail } from "#contract/email-address.ts";
import type { OutgoingMessage, SendResult } from "../../channel.ts";
import type { ProviderAnswer } from "../../http/provider-answer.ts";
import type { ProviderSend } from "../../provider-server.ts";
import { listHeaders } from "../list-headers.ts";
import { callMailApi } from "../mail-api.ts";
import { mailRefusals } from "../refusals.ts";
import { senderText } from "../sender-settings.ts";
import type { ResendSettings, resend } from "./settings.ts";

const address = "https://api.resend.com";
/** Resend takes a few calls a second from an account, unless it was asked for more. */
const concurrency = 4;
const refused = mailRefusals("Resend");

export const resendSend: ProviderSend<typeof resend> = {
  open({ settings, secrets, name, rules }) {
    const access = { address, standIn: rules.providerUrls?.[name], key: secrets.apiKey ?? "" };
    return {
      name,
      from: senderText(settings),
      concurrency,
      async send(message, { signal }): Promise<SendResult> {
        if (!isSendableEmail(message.to))
          return { outcome: "rejected", reason: "bad_email", message: "The address cannot be used", retryable: false };
        // Each try of a message has the same key, and Resend sends what has the same key once within a day.
        const headers = { "Idempotency-Key": message.id };
        return toSendResult(await callMailApi(access, "/emails", { json: toMail(message, settings), headers, signal }));
      },
      async check({ signal }) {
        const answer = await callMailApi(access, "/domains", { signal });
        if (answer.outcome === "unanswered") return `Resend cannot be reached: ${answer.message}`;
        const refusal = readRefusal(answer.body);
        // A key that may only send is refused here by this name, so it is a good one.
        if (answer.status === 200 || refusal?.name === "restricted_api_key") return undefined;
        return isAboutKey(answer.status, refusal?.name) ? "Resend refuses the API key" : `Resend answers with ${answer.status}`;
      },
    };
  },
};

function toMail(message: OutgoingMessage, settings: ResendSettings) {
  const headers = listHeaders(message);
  return {
    from: senderText(settings),
    to: [message.to],
    ...(settings.replyTo && { reply_to: settings.replyTo }),
    subject: message.subject ?? "",
    text: message.text,
    ...(message.html && { html: message.html }),
    ...(Object.keys(headers).length > 0 && { headers }),
    // It comes back with every report.
    tags: [{ name: "message", value: message.id }],
  };
}

const Created = z.object({ id: z.string().min(1).max(200) });
const Refusal = z.object({ name: z.string(), message: z.string().default("") });
const readRefusal = (body: unknown) => Refusal.safeParse(body).data;

const isAboutKey = (status: number, name: string | undefined) =>
  status === 401 || name === "invalid_api_key" || name === "missing_api_key" || name === "restricted_api_key";

function toSendResult(answer: ProviderAnswer): SendResult {
  if (answer.outcome === "unanswered")
    return answer.mayHaveLeft ? unknown(`Resend did not answer: ${answer.message}`) : refused.unreachable(answer.message);
  const { status, body, retryAfterMs } = answer;
  const created = status === 200 || status === 201 ? Created.safeParse(body).data : undefined;
  if (created) return { outcome: "accepted", providerMessageId: created.id };
  const refusal = readRefusal(body);
  if (!refusal || status >= 500 || status < 300)
    return unknown(`Resend answered with ${status}, which does not tell whether it took the message`);
  return toRejection(status, refusal, retryAfterMs);
}

function toRejection(status: number, { name, message }: z.output<typeof Refusal>, retryAfterMs: number | undefined): SendResult {
  if (isAboutKey(status, name)) return refused.credentials(message);
  // The first try with this key was taken, with another text, or is being taken right now.
  if (name === "invalid_idempotent_request" || name === "concurrent_idempotent_requests") return unknown(message);
  if (name === "daily_quota_exceeded" || name === "monthly_quota_exceeded") return refused.account(message);
  if (status === 429) return refused.slowDown("Resend asks to be called less often", retryAfterMs ?? 2_000);
  if (name === "invalid_from_address" || status === 403) return refused.sender(message);
  return refused.message(message);
}

const unknown = (message: string): SendResult => ({ outcome: "unknown", message });
