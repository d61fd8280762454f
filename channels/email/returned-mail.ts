import type { DeliveryReport } from "../inbound-events.ts";
import { type ReadRefusal, readRefusal } from "./smtp/verdict.ts";

/** A message that came back, as a report tells it. */
interface ReturnedMail {
  /** The answer of the mail server, with or without its codes. */
  answer: string;
  /** The enhanced code, where the report tells it apart from the answer. */
  status?: string | undefined;
  recipient: string;
  /** The verdict of a provider that reads the answers itself. It is believed where the answer does not speak against it. */
  provider?: "dead" | "passing" | undefined;
}

type Returned = Pick<DeliveryReport, "reason" | "message" | "invalidatesAddress">;

/**
 * A mailbox that does not exist closes its address at once, one that takes nothing for now after the third time. A refusal that concerns
 * our domain, the size of the message, what it holds, or a rule of the receiving side says nothing about the address, so it closes nothing.
 */
export function judgeReturned({ answer, status = "", recipient, provider }: ReturnedMail): Returned {
  const said = answer.replace(/^(?!\d)[\w-]+\s*;\s*/, "").slice(0, 2_000);
  const read = readRefusal(withCodes(said, status), recipient);
  const message = said === "" ? status : said;
  if (!read.isMailboxFull) {
    if (read.concerns === "domain") return { reason: "sender_refused", message: `${words.domain} ${message}` };
    if (read.concerns === "size") return { reason: "message_too_long", message: `${words.size} ${message}` };
  }
  if (read.verdict === "mailbox") return dead(message);
  if (read.isMailboxFull) return passing(message);
  if (read.concerns === "other") return { reason: "not_delivered", message };
  if (provider === "dead" && isBelieved(read)) return dead(message);
  return provider === "passing" || read.isPassing ? passing(message) : { reason: "not_delivered", message };
}

const words = {
  domain:
    "The recipient's mail server accepts no mail of our sending domain as it is set up. An owner must check it in Settings, Channels.",
  size: "The message is larger than the recipient's mail server takes. Make it shorter and send it again.",
};

const dead = (message: string): Returned => ({ reason: "mailbox_not_found", message, invalidatesAddress: { after: 1 } });
const passing = (message: string): Returned => ({ reason: "mailbox_unavailable", message, invalidatesAddress: { after: 3 } });

/** A code that is not one of a mailbox, or a word of something that passes, speaks against what the provider says. */
const isBelieved = ({ enhanced, isPassing, namesPassing }: ReadRefusal): boolean =>
  !isPassing && !namesPassing && (enhanced === undefined || /^5\.[0125]\.\d/.test(enhanced));

/** Reports tell the codes beside the words, so they are put where a mail server has them. */
function withCodes(said: string, status: string): string {
  const hasStatus = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/.test(said);
  const enhanced = hasStatus ? undefined : /[245]\.\d{1,3}\.\d{1,3}/.exec(status)?.[0];
  if (enhanced === undefined) return said;
  const code = /^[45]\d\d(?=[\s-])/.exec(said)?.[0];
  return code === undefined ? `${enhanced} ${said}` : `${code} ${enhanced} ${said.slice(code.length + 1)}`;
}
