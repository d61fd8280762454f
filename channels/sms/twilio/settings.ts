import { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import { defineProvider, type SecretChange } from "../../provider-definition.ts";
import { Sender } from "../sender.ts";
import { SenderPaces } from "../sender-paces.ts";

/** Twilio's regions. Each keeps its data, its API and its credentials apart from the others. */
export const twilioRegions = { us1: "api.twilio.com", ie1: "api.dublin.ie1.twilio.com", au1: "api.sydney.au1.twilio.com" } as const;
export type TwilioRegion = keyof typeof twilioRegions;

const sid = (prefix: string, what: string) =>
  z
    .string()
    .trim()
    .regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `${what} begins with ${prefix} and has 34 characters`);

export const TwilioSettings = z.strictObject({
  accountSid: sid("AC", "An account SID"),
  /** With an API key, it signs in instead of the auth token, which then only checks what Twilio calls. */
  apiKeySid: sid("SK", "The SID of an API key").optional(),
  region: z.enum(Object.keys(twilioRegions) as [TwilioRegion, ...TwilioRegion[]]).default("us1"),
  /** The numbers to send from. Empty: the messaging service chooses. */
  senders: z.array(Sender).max(50).default([]),
  messagingServiceSid: sid("MG", "The SID of a messaging service").optional(),
  paces: SenderPaces,
  /** Twilio answers HELP at long numbers by itself, unless that was switched off there; then Sluice does. */
  answersHelp: z.enum(["twilio", "sluice"]).default("twilio"),
  /** After so many minutes Twilio no longer tries to deliver a message. It keeps queued ones for ten hours at most. */
  validMinutes: z.number().int().min(1).max(600).default(240),
});
export type TwilioSettings = z.infer<typeof TwilioSettings>;

const secret = z
  .string()
  .trim()
  .refine(
    (text) => text === "" || (text.length >= 16 && text.length <= 200 && !/\s/.test(text)),
    "This has 16 characters or more, and no spaces",
  )
  .optional();

const TwilioSecrets = z.strictObject({
  authToken: secret,
  /** The next auth token, while it is being changed at Twilio: what either of the two signed is taken. */
  secondaryAuthToken: secret,
  apiKeySecret: secret,
});
type TwilioSecrets = z.infer<typeof TwilioSecrets>;

/** SMS by an account of the workspace at Twilio. */
export const twilio = defineProvider({
  label: "Twilio",
  description: "Real SMS, through an account of yours at Twilio.",
  staysHere: false,
  way: "your Twilio account",
  settings: TwilioSettings,
  secrets: TwilioSecrets,
  shownEnds: ["authToken", "secondaryAuthToken", "apiKeySecret"],
  summary: ({ senders: [first, ...others], messagingServiceSid }) =>
    first === undefined
      ? `Messaging service …${messagingServiceSid?.slice(-4)}`
      : others.length === 0
        ? first
        : `${first} and ${others.length} more`,
  callsUs:
    "In the Twilio console, open each of your numbers, Messaging configuration, “A message comes in”: Webhook, this address, HTTP POST. With a messaging service, enter it there under Integration. Delivery reports find it by themselves.",
  accountOf: ({ accountSid }) => accountSid,
  usesSecrets: () => true,
  secretProblems,
});

function secretProblems({ settings, secrets, stored }: SecretChange<TwilioSettings, TwilioSecrets>): Problem[] {
  const problems: Problem[] = [];
  const has = (name: keyof TwilioSecrets) => secrets[name] !== "" && (secrets[name] !== undefined || stored.secrets.includes(name));
  if (!has("authToken")) {
    problems.push({ path: "authToken", message: "The auth token of the account is needed: Twilio signs its calls with it" });
  } else if (secrets.authToken === undefined && readAccountSid(stored.settings) !== settings.accountSid) {
    problems.push({ path: "authToken", message: "Enter the auth token again: it was stored for another account" });
  }
  if (settings.apiKeySid && !has("apiKeySecret")) problems.push({ path: "apiKeySecret", message: "An API key needs its secret" });
  if (!settings.apiKeySid && secrets.apiKeySecret) {
    problems.push({ path: "settings.apiKeySid", message: "The secret of an API key needs the SID of the key to go with it" });
  }
  return problems;
}

const readAccountSid = (settings: unknown) => TwilioSettings.safeParse(settings).data?.accountSid;
