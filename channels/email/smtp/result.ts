import type { SendResult } from "../../channel.ts";
import { HostRefused } from "../../host-look-up.ts";
import { SmtpFailure } from "./connection.ts";

/** Enhanced codes (RFC 3463) that say the mailbox itself is not there, for good. */
const noSuchMailbox = /\b5\.(1\.(0|1|2|3|6|10)|2\.1)\b/;
const anyEnhancedCode = /\b[45]\.\d{1,3}\.\d{1,3}\b/;
/** Answers to a recipient that mean the sender is not wanted, in servers that give no enhanced code. */
const aboutTheSender = /relay|spam|block|polic|black|denied|reject.*(content|sender)|authenticat|reputation|spf|dkim|dmarc/i;

/**
 * What a failure means for the message. The one certain rule: after the last byte was handed over, only an answer of
 * the server tells what became of it; silence is `unknown`, never "try again".
 */
export function toSendResult(error: unknown): SendResult {
  if (error instanceof HostRefused) return unreachable(error.message);
  // Nothing that a server did: a bug of ours must not pass for a bad connection.
  if (!(error instanceof SmtpFailure)) throw error;

  const words = error.response ?? error.message;
  const answer = error.responseCode;
  if (answer === undefined) return withoutAnswer(error, words);
  // Credentials and a server that closes down: the message is fine, and another time it will be taken.
  if (error.stage === "connect" || [421, 454, 503, 530, 534, 535, 538].includes(answer)) return unreachable(words);
  if (answer < 500) return { outcome: "rejected", reason: "provider_rejected", message: words, retryable: true };
  return {
    outcome: "rejected",
    reason: "provider_rejected",
    message: words,
    retryable: false,
    ...(isAboutTheAddress(error, answer, words) ? { invalidatesAddress: true } : {}),
  };
}

function withoutAnswer(error: SmtpFailure, words: string): SendResult {
  if (error.handedOver) return { outcome: "unknown", message: `The server took the message and then did not answer (${words})` };
  // The server announced a size limit, and the message was never offered to it.
  if (error.code === "EMESSAGE") return { outcome: "rejected", reason: "provider_rejected", message: words, retryable: false };
  if (error.code === "ETIMEDOUT") return { outcome: "rejected", reason: "timeout", message: words, retryable: true };
  return unreachable(words);
}

/**
 * Being wrong here marks a good address as dead, so a server that refuses *us* (relaying, reputation, policy) must not
 * count. An enhanced code decides where there is one.
 */
function isAboutTheAddress(error: SmtpFailure, answer: number, words: string): boolean {
  if (anyEnhancedCode.test(words)) return noSuchMailbox.test(words) && !aboutTheSender.test(words);
  return error.command === "RCPT TO" && [550, 551, 553].includes(answer) && !aboutTheSender.test(words);
}

const unreachable = (message: string): SendResult => ({ outcome: "rejected", reason: "provider_unavailable", message, retryable: true });
