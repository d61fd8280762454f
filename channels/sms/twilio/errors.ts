import type { Reason } from "#contract/reasons.ts";

/** The meaning of an error of Twilio for the message, its address and the channel. */
export interface TwilioError {
  reason: Reason;
  /** The meaning in words, and who must do what. Twilio's own words tell where these are left out. */
  words?: string;
  /** `message`: this message alone. `address`: nothing can be sent there, after so many such errors. `person`: they refused. */
  concerns: "message" | "address" | "person" | "channel";
  /** For `address`: how many such errors close it. */
  after?: number;
  /** Sending it later may work. */
  retryable?: boolean;
  /** How long to leave Twilio alone. */
  restMs?: number;
}

const account = "An owner must check the account SID and the auth token, or the API key and its secret, in Settings, Channels.";
const sender = "An owner must check the senders in Settings, Channels: they must belong to this Twilio account and be able to send SMS.";
const suspended = "An owner must look at the Twilio console: the account is suspended, closed, or its balance is used up.";
const register =
  "An owner must register the sender at Twilio: an A2P 10DLC campaign for US numbers, verification for toll-free ones. Until then carriers take nothing from it.";

const refusedAccount = { reason: "credentials_refused", words: `Twilio refuses the sign-in. ${account}`, concerns: "channel" } as const;
const refusedSender = { reason: "sender_refused", words: `Twilio refuses the sender. ${sender}`, concerns: "channel" } as const;
const stopped = { reason: "account_suspended", words: `Twilio has stopped the account. ${suspended}`, concerns: "channel" } as const;
const unregistered = { reason: "sender_not_registered", words: `Carriers refuse the sender. ${register}`, concerns: "channel" } as const;
const noNumber = {
  reason: "bad_phone",
  words: "The number is not one that can receive SMS, says Twilio.",
  concerns: "address",
  after: 1,
} as const;
const blocked = { reason: "carrier_blocked", concerns: "message" } as const;
const undelivered = { reason: "not_delivered", concerns: "message" } as const;
const slowDown = (words: string, restMs: number) =>
  ({ reason: "provider_unavailable", words, concerns: "channel", retryable: true, restMs }) as const;

/** Twilio's error codes that mean something in particular. Others concern the message alone. */
const errors: Readonly<Record<number, TwilioError>> = {
  20003: refusedAccount,
  20005: stopped,
  20006: refusedAccount,
  20404: refusedAccount,
  20429: slowDown("Twilio asks to be called less often.", 10_000),
  21211: noNumber,
  21212: refusedSender,
  21217: noNumber,
  21408: {
    reason: "country_not_enabled",
    words:
      "The Twilio account may not send to this country. An owner can allow it in the Twilio console: Messaging, Settings, Geo permissions.",
    concerns: "message",
  },
  21602: { reason: "provider_rejected", words: "The message has no text.", concerns: "message" },
  21603: refusedSender,
  21604: noNumber,
  21606: refusedSender,
  21608: {
    reason: "provider_rejected",
    words: "A trial account of Twilio sends only to numbers that were verified there. An owner must upgrade it, or verify this number.",
    concerns: "message",
  },
  21609: {
    reason: "provider_unavailable",
    words: "Twilio cannot call this instance at its address. The operator must set PUBLIC_URL to an address that the internet can reach.",
    concerns: "channel",
  },
  21610: { reason: "opted_out_sms", words: "The person has answered STOP to this sender, says Twilio.", concerns: "person" },
  21611: slowDown("The queue of this sender at Twilio is full.", 60_000),
  21612: {
    reason: "provider_rejected",
    words: "Twilio cannot send from this sender to this number, for example from a number of one country to another country.",
    concerns: "message",
  },
  21614: { reason: "landline", words: "The number is not a mobile phone, says Twilio.", concerns: "address", after: 1 },
  21617: { reason: "message_too_long", concerns: "message" },
  21659: refusedSender,
  21660: refusedSender,
  21661: refusedSender,
  21701: refusedSender,
  21703: refusedSender,
  21704: refusedSender,
  21705: refusedSender,
  21712: refusedSender,
  30001: {
    ...undelivered,
    words: "It waited at Twilio for so long that Twilio gave it up. Messages of this sender must leave more slowly.",
  },
  30002: stopped,
  30003: { reason: "phone_unreachable", words: "The phone is off, out of reach, or takes no SMS.", concerns: "message" },
  30004: { ...blocked, words: "The carrier or the phone blocks messages of this sender." },
  30005: { reason: "unknown_number", words: "The carrier knows no such number.", concerns: "address", after: 2 },
  30006: { reason: "landline", words: "The number is a landline, or its carrier cannot be reached.", concerns: "address", after: 1 },
  30007: {
    ...blocked,
    words: "The carrier filtered the message as unwanted. Look at its text, its links and the registration of the sender.",
  },
  30008: undelivered,
  30022: { ...undelivered, words: "The carrier's limit for this sender is used up. Lower the parts a second in Settings, Channels." },
  30023: { ...undelivered, words: "The carrier's limit of this brand for today is used up. Set the parts a day in Settings, Channels." },
  30032: unregistered,
  30034: unregistered,
  30035: unregistered,
  30036: { reason: "too_late", words: "It could not be delivered within the time for which it was valid.", concerns: "message" },
  30038: { ...blocked, words: "The message looks like a one-time password, which this sender may not send." },
  63038: {
    ...stopped,
    words: "The account has sent as many messages today as Twilio allows it. An owner can ask Twilio for a higher limit.",
  },
  90010: stopped,
};

/** Finds the meaning of an error code; undefined for one that means nothing in particular. */
export const findTwilioError = (code: number | undefined): TwilioError | undefined => (code === undefined ? undefined : errors[code]);

/** Every code that has a meaning of its own, for the documentation and its test. */
export const knownTwilioErrors: readonly number[] = Object.keys(errors).map(Number);

/** The error in words, with its code, under which Twilio explains it. */
export function describeTwilioError(code: number | undefined, said: string | undefined): string {
  const words = findTwilioError(code)?.words ?? said ?? "";
  const sentence = words === "" ? "Twilio gives no reason." : /[.!?]$/.test(words) ? words : `${words}.`;
  return code === undefined ? sentence : `${sentence} (Twilio error ${code})`;
}
