import { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import { defineProvider, type SecretChange } from "../../provider-definition.ts";
import { Sender } from "../sender.ts";
import { SenderPaces } from "../sender-paces.ts";

export const TelnyxSettings = z.strictObject({
  /** With this Telnyx signs its calls. It is no secret. */
  publicKey: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9+/]{43}=$/, "The public key has 44 characters and ends with ="),
  senders: z.array(Sender).min(1, "A sender is needed: a number of the account").max(50),
  paces: SenderPaces,
  /** A name in place of a number is sent through a messaging profile. */
  messagingProfileId: z.uuid("The ID of a messaging profile looks like 4001…-…").optional(),
});
export type TelnyxSettings = z.infer<typeof TelnyxSettings>;

const TelnyxSecrets = z.strictObject({
  apiKey: z
    .string()
    .trim()
    .refine((text) => text === "" || /^\S{20,200}$/.test(text), "An API key has 20 characters or more, and no spaces")
    .optional(),
});
type TelnyxSecrets = z.infer<typeof TelnyxSecrets>;

/** SMS by an account of the workspace at Telnyx. */
export const telnyx = defineProvider({
  label: "Telnyx",
  description: "Real SMS, through an account of yours at Telnyx.",
  staysHere: false,
  way: "your Telnyx account",
  settings: TelnyxSettings,
  secrets: TelnyxSecrets,
  shownEnds: ["apiKey"],
  summary: ({ senders: [first = "", ...others] }) => (others.length === 0 ? first : `${first} and ${others.length} more`),
  callsUs:
    "In the Telnyx portal, open Messaging, your messaging profile, Inbound: webhook URL, this address, API version 2. Delivery reports find it by themselves.",
  accountOf: ({ publicKey }) => publicKey,
  usesSecrets: () => true,
  secretProblems,
});

function secretProblems({ settings, secrets, stored }: SecretChange<TelnyxSettings, TelnyxSecrets>): Problem[] {
  const isThere = secrets.apiKey !== "" && (secrets.apiKey !== undefined || stored.secrets.includes("apiKey"));
  if (!isThere) return [{ path: "apiKey", message: "The API key of the account is needed" }];
  const before = TelnyxSettings.safeParse(stored.settings).data;
  if (secrets.apiKey === undefined && before?.publicKey !== settings.publicKey)
    return [{ path: "apiKey", message: "Enter the API key again: it was stored for another account" }];
  return [];
}
