/** How a server refused a message, and what else is needed to read its words. */
export interface Refusal {
  /** The command that was refused, such as "RCPT TO". */
  command: string | undefined;
  /** The whole message was handed over, so the refusal is the final answer to it. */
  handedOver: boolean;
  /** The reply code, 500 to 599. */
  code: number;
  /** The reply in full, with all of its lines. */
  words: string;
  recipient: string;
}

/**
 * What a permanent refusal is about. `mailbox`: the recipient's mailbox does not exist, so nothing can ever be sent there.
 * `sender`: the server does not take mail of this sender, whoever it is for. `message`: anything else.
 */
export type Verdict = "mailbox" | "sender" | "message";

/**
 * Judges a refusal. A mistake here would close a good address for ever, so only the answers about one mailbox may close
 * it: that to RCPT TO, and the final one to the message. The enhanced code (RFC 3463) decides first. Words decide where
 * the code says nothing, and never words inside an address that the server repeats.
 */
export function judgeRefusal(refusal: Refusal): Verdict {
  const { command, handedOver } = refusal;
  const plain = withoutAddresses(refusal.words);
  const enhanced = enhancedCode(plain);
  if (command === "MAIL FROM") return isAboutSize(refusal.code, enhanced) ? "message" : "sender";
  if (command !== "RCPT TO" && !handedOver) return "message";
  const text = withoutNames(plain, refusal.recipient);
  if (badSenderCodes.has(enhanced ?? "") || sendsNoMore(text)) return "sender";
  return isDeadMailbox(refusal, enhanced, plain, text) ? "mailbox" : "message";
}

function isDeadMailbox({ code, command }: Refusal, enhanced: string | undefined, plain: string, text: string): boolean {
  if (passing.test(text)) return false;
  const isNamedDead = deadWords.test(plain);
  if (deadMailboxCodes.has(enhanced ?? "")) return isNamedDead || !otherCause.test(text);
  if (enhanced !== undefined && !vagueCodes.has(enhanced)) return false;
  const codes = command === "RCPT TO" ? [550, 551, 553] : [550, 551, 553, 554];
  return codes.includes(code) && isNamedDead && !(otherCause.test(text) && !certainlyDead.test(plain));
}

/** The mailbox or its domain does not exist, has moved, or is disabled. */
const deadMailboxCodes: ReadonlySet<string> = new Set(["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]);
/** These say only that something about the address, the mailbox or the conversation is wrong. */
const vagueCodes: ReadonlySet<string> = new Set(["5.0.0", "5.1.0", "5.2.0", "5.5.0"]);
const badSenderCodes: ReadonlySet<string> = new Set(["5.1.7", "5.1.8"]);

const isAboutSize = (code: number, enhanced: string | undefined): boolean => code === 552 || enhanced === "5.3.4" || enhanced === "5.2.3";

/** The first enhanced code of a reply. Parts of IP addresses and version numbers are none. */
const enhancedCode = (plain: string): string | undefined => /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/.exec(plain)?.[0];

/** A reply of a mail server has some lines. Whose server it is nobody knows, so no more of it is read. */
const longestRead = 5_000;

/** Addresses and links are echoes, whose parts must not be read as the server's own words or codes. */
export const withoutAddresses = (words: string): string =>
  words
    .slice(0, longestRead)
    .replace(/https?:\/\/\S+/gi, " ")
    .replace(/<[^<>]*>/g, " ")
    .replace(/("[^"]*"|(?<![^\s"<>()[\],;:])[^\s"<>()[\],;:]+)@[^\s<>()[\],;]+/g, " ");

/** Some servers repeat only the name before the @, or only the domain. */
function withoutNames(plain: string, recipient: string): string {
  const at = recipient.lastIndexOf("@");
  const names = [recipient.slice(0, at), recipient.slice(at + 1)].filter((name) => name !== "");
  return names.reduce(
    (text, name) => text.replace(new RegExp(`(?<![\\w.-])${name.replace(/[^\w\s]/g, "\\$&")}(?![\\w-])`, "gi"), " "),
    plain,
  );
}

const thing = "(?:users?|recipients?|mailbox(?:es)?|accounts?|address(?:es)?|alias(?:es)?|local[- ]part|destination|customer)";
const certainlyDead = new RegExp(
  [
    `no such ${thing}`,
    `unknown (?:or illegal |local |virtual )?${thing}`,
    `${thing}(?: is| was)? (?:unknown|not known)`,
    `${thing}\\b[^.;:]{0,60}\\b(?:does ?n[o']t|do ?n[o']t|does not|do not|not) exist`,
    `${thing}(?: was| is)? ?not ?found`,
    "mailbox name not allowed",
    `have an? [^;]{0,40}${thing}`,
  ].join("|"),
  "i",
);
const deadWords = new RegExp(
  [
    certainlyDead.source,
    `${thing}\\b[^.;:]{0,60}\\b(?:invalid|not (?:a )?valid|no longer|disabled|inactive|deactivated|deleted|removed|closed|suspended|unavailable|not available|undeliverable|unrouteable)`,
    `invalid ${thing}`,
    `no (?:mailbox|account|user) (?:here|by that name|with)`,
    "(?<!(?:host|client|sender|server|domain|hostname) )\\bunknown\\b(?! (?:senders?|clients?|hosts?|errors?|reasons?|commands?|servers?|domains?|problems?|failures?|policy|issues?))",
  ].join("|"),
  "i",
);
/** The refusal speaks of the sender, or of something that passes: it says nothing about the mailbox. */
const passing =
  /(?<![\w.-])(?:senders?|sending|return[- ]path|client host|your (?:server|host|ip|domain|account)|rates?|throttl\w*|quotas?|too (?:many|fast|much)|exceed\w*|limit(?:s|ed|ing)?|temporar\w*|later|gr[ea]y-?list\w*|full)(?![\w-]|\.\w)/i;
/** The cause is a rule of the receiving side. */
const otherCause =
  /(?<![\w.-])(?:relay\w*|spam\w*|block(?:ed|ing|s)?|black-?list\w*|block-?list\w*|polic(?:y|ies)|reputation|spf|dkim|dmarc|(?:un)?authenticat\w*|content|virus|banned|denied|not (?:authori[sz]ed|permitted))(?![\w-]|\.\w)/i;

/** The server takes no mail of this sender from us, or no more for now, whoever it is for. */
function sendsNoMore(text: string): boolean {
  if (/\b(?:by (?:the )?recipient|recipient'?s)\b/i.test(text)) return false;
  return (
    /\b(?:senders?|from address|return[- ]path|mail from)\b[^.;]{0,60}\b(?:rejected|refused|denied|unknown|invalid|disabled|suspended|quota|limit|not (?:allowed|authori[sz]ed|permitted|found|owned)|(?:does not|doesn't|not) exist|over)\b/i.test(
      text,
    ) ||
    /\b(?:sending|daily|hourly|outgoing|outbound|submission)\b[^.;]{0,40}\b(?:quotas?|limits?|rates?)\b/i.test(text) ||
    /\bnot (?:allowed|authori[sz]ed|permitted) to send (?:as|from|mail|messages|e-?mail)\b/i.test(text)
  );
}
