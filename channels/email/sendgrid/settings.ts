import { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import { domainOf } from "#contract/sending-domain.ts";
import { defineProvider, type SecretChange } from "../../provider-definition.ts";
import { apiSecret, senderSettings, senderText } from "../sender-settings.ts";

/** SendGrid keeps the accounts of each region apart. */
export const sendgridRegions = { global: "https://api.sendgrid.com", eu: "https://api.eu.sendgrid.com" } as const;

export const SendgridSettings = z.strictObject({
  ...senderSettings,
  region: z.enum(["global", "eu"]).default("global"),
  /** The public key with which SendGrid's events are checked. Without it none is taken. */
  verificationKey: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9+/]{100,200}={0,2}$/, "A verification key is a text of about 124 letters and digits")
    .optional(),
});
export type SendgridSettings = z.infer<typeof SendgridSettings>;

const SendgridSecrets = z.strictObject({ apiKey: apiSecret });
type SendgridSecrets = z.infer<typeof SendgridSecrets>;

/** E-mail by an account of the workspace at SendGrid. */
export const sendgrid = defineProvider({
  label: "SendGrid",
  description: "Real e-mail, through an account of yours at SendGrid.",
  staysHere: false,
  way: "your SendGrid account",
  settings: SendgridSettings,
  secrets: SendgridSecrets,
  shownEnds: ["apiKey"],
  summary: senderText,
  // Its return addresses are below names that SendGrid chooses and keeps; the keys prove the domain.
  sendingDomain: ({ fromAddress, replyTo }) => ({
    domain: domainOf(fromAddress),
    spf: null,
    dkim: ["s1", "s2"],
    keeper: "SendGrid",
    receives: [domainOf(replyTo ?? fromAddress)],
  }),
  callsUs:
    "At SendGrid, open Settings, Mail Settings, Event Webhook, Create: this address, the events delivered, deferred, bounced, dropped and spam reports, and switch the signed event webhook on. Then copy its verification key into the field above and save.",
  accountOf: ({ verificationKey }) => verificationKey ?? "",
  usesSecrets: () => true,
  secretProblems,
});

function secretProblems({ secrets, stored }: SecretChange<SendgridSettings, SendgridSecrets>): Problem[] {
  const hasKey = secrets.apiKey !== "" && (secrets.apiKey !== undefined || stored.secrets.includes("apiKey"));
  return hasKey ? [] : [{ path: "apiKey", message: "The API key of the account is needed" }];
}
