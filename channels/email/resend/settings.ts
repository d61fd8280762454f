import { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import { domainOf } from "#contract/sending-domain.ts";
import { defineProvider, type SecretChange } from "../../provider-definition.ts";
import { apiSecret, senderSettings, senderText } from "../sender-settings.ts";

export const ResendSettings = z.strictObject({ ...senderSettings });
export type ResendSettings = z.infer<typeof ResendSettings>;

const ResendSecrets = z.strictObject({
  apiKey: apiSecret,
  /** Resend signs its calls with it. Without it nothing that Resend tells is taken. */
  webhookSecret: apiSecret.refine((text) => !text || /^whsec_[A-Za-z0-9+/=_-]+$/.test(text), "A signing secret begins with whsec_"),
});
type ResendSecrets = z.infer<typeof ResendSecrets>;

/** E-mail by an account of the workspace at Resend. */
export const resend = defineProvider({
  label: "Resend",
  description: "Real e-mail, through an account of yours at Resend. A message is never sent twice.",
  staysHere: false,
  way: "your Resend account",
  settings: ResendSettings,
  secrets: ResendSecrets,
  shownEnds: ["apiKey", "webhookSecret"],
  summary: senderText,
  // Resend sends by Amazon SES, with a return address below the domain.
  sendingDomain: ({ fromAddress, replyTo }) => ({
    domain: domainOf(fromAddress),
    spf: { at: `send.${domainOf(fromAddress)}`, include: "amazonses.com" },
    dkim: ["resend"],
    keeper: "Resend",
    receives: [`send.${domainOf(fromAddress)}`, domainOf(replyTo ?? fromAddress)],
  }),
  callsUs:
    "At Resend, open Webhooks, Add webhook: this address, and the events delivered, bounced, complained, failed and suppressed. Then copy its signing secret into the field above and save.",
  accountOf: ({ fromAddress }) => fromAddress.slice(fromAddress.lastIndexOf("@") + 1),
  usesSecrets: () => true,
  secretProblems,
});

function secretProblems({ secrets, stored }: SecretChange<ResendSettings, ResendSecrets>): Problem[] {
  const hasKey = secrets.apiKey !== "" && (secrets.apiKey !== undefined || stored.secrets.includes("apiKey"));
  return hasKey ? [] : [{ path: "apiKey", message: "The API key of the account is needed" }];
}
