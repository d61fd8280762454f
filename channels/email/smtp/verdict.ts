import {
  otherCause,
  passing,
  saysDeadDomain,
  saysDeadMailbox,
  saysNoMore,
  saysNoSuchMailbox,
  saysOurDomain,
  saysSlowDown,
  saysTooLarge,
} from "./refusal-words.ts";

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
 * The subject of a permanent refusal. `mailbox`: the recipient's mailbox does not exist, so nothing can ever be sent there.
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

/**
 * Only known words of a dead mailbox close an address, or a code of one with nothing that explains it otherwise. Every other explanation
 * may be about the sender, its contract, its network or the moment, in whatever language.
 */
function isDeadMailbox({ code, command }: Refusal, enhanced: string | undefined, plain: string, text: string): boolean {
  if (passing.test(text) || otherCause.test(text)) return false;
  // The name of the recipient may stand between the words, or hold some.
  const isNamedDead = saysDeadMailbox(plain) || saysDeadMailbox(text);
  if (deadMailboxCodes.has(enhanced ?? "")) {
    return isNamedDead || saysNoMore(text) || (enhanced === "5.1.2" && saysDeadDomain(text));
  }
  if (enhanced !== undefined && !vagueCodes.has(enhanced)) return false;
  if (code === 554 && command === "RCPT TO") return saysNoSuchMailbox(plain);
  return [550, 551, 553, 554].includes(code) && isNamedDead;
}

/** The meaning of the answer to a message that came back, by its codes and by its words. */
export interface ReadRefusal {
  verdict: Verdict;
  enhanced: string | undefined;
  /** The thing that it concerns instead of the mailbox: our domain, the size of the message, or something else; undefined where it does not say. */
  concerns: "domain" | "size" | "other" | undefined;
  isMailboxFull: boolean;
  /** The server would have taken the message at another time, by its code or by its words. */
  isPassing: boolean;
  namesPassing: boolean;
}

/**
 * Reads an answer that a report repeats. Nobody knows to which command it was given, and it may have no code. Without one the words may be a
 * provider's own about bounces in general, which name senders and reputations without meaning ours.
 */
export function readRefusal(words: string, recipient: string): ReadRefusal {
  const plain = withoutAddresses(words);
  const enhanced = enhancedCode(plain);
  const told = /^[45]\d\d(?=[\s-]|$)/.exec(plain)?.[0];
  const code = Number(told ?? 550);
  const text = withoutNames(plain, recipient);
  const isOfServer = told !== undefined || enhanced !== undefined;
  const verdict = judgeRefusal({ command: undefined, handedOver: true, code, words, recipient });
  const concerned = (): ReadRefusal["concerns"] => {
    if (domainCodes.test(enhanced ?? "") || saysOurDomain(text) || (isOfServer && verdict === "sender")) return "domain";
    if (["5.3.4", "5.2.3"].includes(enhanced ?? "") || saysTooLarge(text)) return "size";
    const isOther = /^[45]\.[67]\./.test(enhanced ?? "") || otherCause.test(text) || saysSlowDown(text);
    return isOfServer && isOther ? "other" : undefined;
  };
  const concerns = concerned();
  return {
    verdict,
    enhanced,
    concerns,
    isMailboxFull: /^[45]\.2\.2$/.test(enhanced ?? "") || (code === 552 && enhanced === undefined && concerns === undefined),
    isPassing: enhanced?.startsWith("4.") === true || code < 500,
    namesPassing: isOfServer && passing.test(text),
  };
}

/** The sending domain or its server could not prove who it is: RFC 7372, and the codes that Microsoft and Google add. */
const domainCodes = /^[45]\.(?:1\.[78]|7\.(?:2\d|3[01]|509|515))$/;

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
