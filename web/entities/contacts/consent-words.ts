import { type Consent, notTheirs } from "#contract/consents.ts";
import type { Contact } from "#contract/contacts.ts";

const channelWords = { sms: "SMS", email: "e-mail", all: "all messages" } as const;
const sourceWords: Record<string, string> = {
  manual: "set by hand",
  import: "from an import",
  flow: "by a flow",
  unsubscribe: "by the link of an e-mail",
  complaint: "by reporting an e-mail as spam",
  form: "on a web form",
  paper: "on paper",
  spoken: "by word of mouth",
  message: "in a message of theirs",
  other: "in another way",
  moved: "under an address they had before",
};

/** STOP closes a number for every kind of message, and START takes that back alone: it is no consent to what was never allowed. */
const smsWords = { opted_out: "Asked for no more SMS, by answering STOP", opted_in: "Took their STOP back, by answering START" };
const emailWords = {
  opted_out: "Asked for no more marketing e-mails, in an e-mail of theirs",
  opted_in: "Took that back, in an e-mail of theirs",
};
const keywordWords = { sms: smsWords, email: emailWords, all: smsWords } as const;

/** "Opted out of SMS, set by hand": what happened, and how it is known. */
export function consentWords({ channel, state, source }: Pick<Consent, "channel" | "state" | "source">): string {
  if (source === "keyword") return keywordWords[channel][state];
  if (source === notTheirs)
    return `Opened for ${channelWords[channel]}: another person had asked for no more, under an address that was not theirs`;
  const act = channel === "all" && state === "opted_out" ? "Marked do-not-contact" : undefined;
  const words = act ?? `${state === "opted_in" ? "Opted in to" : "Opted out of"} ${channelWords[channel]}`;
  return source === null ? words : `${words}, ${sourceWords[source] ?? source}`;
}

/** For which address a consent was given, and whether it counts for the one that the contact has now; undefined of entries that have none to tell. */
export function addressWords(
  { channel, state, source, address }: Pick<Consent, "channel" | "state" | "source" | "address">,
  { phoneE164, email }: Pick<Contact, "phoneE164" | "email">,
): string | undefined {
  if (source === "moved" && address !== null)
    return `Asked for no more under ${address}. It holds for every ${channel === "sms" ? "number" : "e-mail address"} they get, until they agree for that one`;
  if (state !== "opted_in" || channel === "all" || source === "keyword" || source === notTheirs) return undefined;
  const noun = channel === "sms" ? "number" : "e-mail address";
  if (address === null) return `Given when there was no ${noun}: it counts for none`;
  const now = channel === "sms" ? phoneE164 : (email?.trim().toLowerCase() ?? null);
  return address === now ? `For ${address}` : `Given for another ${noun}, ${address}: it does not count for the one of now`;
}
