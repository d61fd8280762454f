import type { Reason } from "#contract/reasons.ts";

/** The meaning of an error of Telnyx for the message, its address and the channel. */
export interface TelnyxError {
  reason: Reason;
  words?: string;
  /** `message`: this message alone. `address`: nothing can be sent there, after so many such errors. `person`: they refused. */
  concerns: "message" | "address" | "person" | "channel";
  after?: number;
  /** Sending it later may work. */
  retryable?: boolean;
  restMs?: number;
}

const settings = "An owner must check it in Settings, Channels, and in the Telnyx portal.";
const account = { reason: "credentials_refused", words: `Telnyx refuses the API key. ${settings}`, concerns: "channel" } as const;
const sender = { reason: "sender_refused", words: `Telnyx refuses the sender. ${settings}`, concerns: "channel" } as const;
const stopped = {
  reason: "account_suspended",
  words: "Telnyx has stopped the account, or its balance is used up. An owner must look at the Telnyx portal.",
  concerns: "channel",
} as const;
const unregistered = {
  reason: "sender_not_registered",
  words: "Carriers refuse the sender until an owner has registered it at Telnyx.",
  concerns: "channel",
} as const;
const noNumber = {
  reason: "bad_phone",
  words: "The number is not one that can receive SMS, says Telnyx.",
  concerns: "address",
  after: 1,
} as const;
const blocked = { reason: "carrier_blocked", words: "The carrier filtered the message as unwanted.", concerns: "message" } as const;
const undelivered = { reason: "not_delivered", concerns: "message" } as const;
const slowDown = {
  reason: "provider_unavailable",
  words: "Telnyx asks to be called less often.",
  concerns: "channel",
  retryable: true,
  restMs: 10_000,
} as const;

/** Telnyx's error codes that mean something in particular. Others concern the message alone. */
const errors: Readonly<Record<string, TelnyxError>> = {
  "10002": noNumber,
  "10009": account,
  "10010": account,
  "10011": slowDown,
  "10016": noNumber,
  "20100": stopped,
  "40001": { reason: "landline", words: "The number is a landline, or takes no SMS.", concerns: "address", after: 1 },
  "40002": blocked,
  "40003": blocked,
  "40004": undelivered,
  "40005": { reason: "too_late", words: "It could not be delivered within the time for which it was valid.", concerns: "message" },
  "40006": { reason: "phone_unreachable", words: "The carrier of the number could not be reached.", concerns: "message" },
  "40008": undelivered,
  "40010": unregistered,
  "40011": slowDown,
  "40012": noNumber,
  "40013": sender,
  "40015": blocked,
  "40300": { reason: "opted_out_sms", words: "The person has answered STOP to this sender, says Telnyx.", concerns: "person" },
  "40302": { reason: "message_too_long", concerns: "message" },
  "40305": sender,
  "40310": noNumber,
  "40311": sender,
  "40312": sender,
  "40313": sender,
  "40314": stopped,
};

export const findTelnyxError = (code: string | undefined): TelnyxError | undefined => (code === undefined ? undefined : errors[code]);
export const knownTelnyxErrors: readonly string[] = Object.keys(errors);

/** The error in words, with its code, under which Telnyx explains it. */
export function describeTelnyxError(code: string | undefined, said: string | undefined): string {
  const words = findTelnyxError(code)?.words ?? said ?? "";
  const sentence = words === "" ? "Telnyx gives no reason." : /[.!?]$/.test(words) ? words : `${words}.`;
  return code === undefined ? sentence : `${sentence} (Telnyx error ${code})`;
}
