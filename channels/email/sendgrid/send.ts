import { z } from "zod";
import { isSendableEmail } from "#contract/email-address.ts";
import type { OutgoingMessage, SendResult } from "../../channel.ts";
import type { ProviderAnswer } from "../../http/provider-answer.ts";
import type { ProviderSend } from "../../provider-server.ts";
import { listHeaders } from "../list-headers.ts";
import { callMailApi } from "../mail-api.ts";
import { mailRefusals } from "../refusals.ts";
import { senderText } from "../sender-settings.ts";
import { type SendgridSettings, type sendgrid, sendgridRegions } from "./settings.ts";
import { readVerificationKey } from "./signature.ts";

const concurrency = 8;
const refused = mailRefusals("SendGrid");

export const sendgridSend: ProviderSend<typeof sendgrid> = {
  problems: ({ verificationKey }) =>
    verificationKey !== undefined && readVerificationKey(verificationKey) === undefined
      ? [{ path: "settings.verificationKey", message: "This is no verification key: copy it again from the event webhook at SendGrid" }]
      : [],

  open({ settings, secrets, name, rules }) {
    const access = { address: sendgridRegions[settings.region], standIn: rules.providerUrls?.[name], key: secrets.apiKey ?? "" };
    return {
      name,
      from: senderText(settings),
      concurrency,
      async send(message, { signal }): Promise<SendResult> {
        if (!isSendableEmail(message.to))
          return { outcome: "rejected", reason: "bad_email", message: "The address cannot be used", retryable: false };
        return toSendResult(await callMailApi(access, "/v3/mail/send", { json: toMail(message, settings), signal }));
      },
      async check({ signal }) {
        const answer = await callMailApi(access, "/v3/scopes", { signal });
        if (answer.outcome === "unanswered") return `SendGrid cannot be reached: ${answer.message}`;
        if (answer.status === 401 || answer.status === 403) return "SendGrid refuses the API key";
        if (answer.status !== 200) return `SendGrid answers with ${answer.status}`;
        const { data } = Scopes.safeParse(answer.body);
        return data && !data.scopes.includes("mail.send") ? "The API key may not send: it needs the permission Mail Send" : undefined;
      },
    };
  },
};

function toMail(message: OutgoingMessage, { fromName, fromAddress, replyTo }: SendgridSettings) {
  const headers = listHeaders(message);
  return {
    // It comes back with every event.
    personalizations: [{ to: [{ email: message.to }], custom_args: { sluice_message: message.id } }],
    from: { email: fromAddress, ...(fromName !== "" && { name: fromName }) },
    ...(replyTo && { reply_to: { email: replyTo } }),
    // SendGrid takes no empty subject and no empty part.
    subject: message.subject?.trim() ? message.subject : " ",
    content: [
      { type: "text/plain", value: message.text === "" ? " " : message.text },
      ...(message.html ? [{ type: "text/html", value: message.html }] : []),
    ],
    ...(Object.keys(headers).length > 0 && { headers }),
    // What is not asked for is not done: links stay as they were written, and nobody is watched.
    tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false }, subscription_tracking: { enable: false } },
  };
}

const Scopes = z.object({ scopes: z.array(z.string()) });
const Refusal = z.object({ errors: z.array(z.object({ message: z.string(), field: z.string().nullish() })).min(1) });

/** Sending is not idempotent, and an answer of the 500s or none at all may come although it was sent, so then nobody knows. */
function toSendResult(answer: ProviderAnswer): SendResult {
  if (answer.outcome === "unanswered")
    return answer.mayHaveLeft ? unknown(`SendGrid did not answer: ${answer.message}`) : refused.unreachable(answer.message);
  const { status, body, retryAfterMs } = answer;
  const id = answer.header("x-message-id");
  if (status === 202 && id) return { outcome: "accepted", providerMessageId: id };
  if (status >= 500 || status < 400) return unknown(`SendGrid answered with ${status}, which does not tell whether it took the message`);
  const errors = Refusal.safeParse(body).data?.errors;
  const said = errors?.map(({ message }) => message).join("; ") ?? "";
  if (status === 401) return refused.credentials(said);
  if (status === 429) return refused.slowDown("SendGrid asks to be called less often", retryAfterMs ?? 10_000);
  // Something between us and SendGrid answered, and nobody knows what it passed on.
  if (!errors) return unknown(`An answer of ${status} that is not SendGrid's`);
  if (/credits|exceeded/i.test(said)) return refused.account(said);
  if (status === 403 || errors.some(({ field }) => field?.startsWith("from"))) return refused.sender(said);
  return refused.message(said);
}

const unknown = (message: string): SendResult => ({ outcome: "unknown", message });
