import type { Consent } from "#contract/consents.ts";

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
};

/** "Opted out of SMS, set by hand": what happened, and how it is known. */
export function consentWords({ channel, state, source }: Pick<Consent, "channel" | "state" | "source">): string {
  const act = channel === "all" && state === "opted_out" ? "Marked do-not-contact" : undefined;
  const words = act ?? `${state === "opted_in" ? "Opted in to" : "Opted out of"} ${channelWords[channel]}`;
  return source === null ? words : `${words}, ${sourceWords[source] ?? source}`;
}
