import type { SendResult } from "../../channel.ts";
import { HostRefused } from "../../host-look-up.ts";
import { SmtpFailure } from "./connection.ts";

/** Enhanced status codes (RFC 3463) which say that the mailbox does not exist. */
const noSuchMailbox = /\b5\.(1\.(0|1|2|3|6|10)|2\.1)\b/;
const anyEnhancedCode = /\b[45]\.\d{1,3}\.\d{1,3}\b/;
/** Words in a refused RCPT TO which mean that the sender is refused and not the recipient. */
const aboutTheSender = /relay|spam|block|polic|black|denied|reject.*(content|sender)|authenticat|reputation|spf|dkim|dmarc/i;

/**
 * What a failure means for the message. After the last byte was sent, only an answer of the server tells whether it was
 * accepted. Without an answer the result is `unknown` and never "try again".
 * @throws the error itself when it is neither a failure of the connection nor a refused host: then it is a bug of ours.
 */
export function toSendResult(error: unknown): SendResult {
  if (error instanceof HostRefused) return unreachable(error.message);
  // A bug of ours must not look like a bad connection.
  if (!(error instanceof SmtpFailure)) throw error;

  const words = error.response ?? error.message;
  const answer = error.responseCode;
  if (answer === undefined) return withoutAnswer(error, words);
  // The credentials are wrong or the server shuts down. The message can be sent later.
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
  // The message exceeds the size limit that the server announced, so it was not sent.
  if (error.code === "EMESSAGE") return { outcome: "rejected", reason: "provider_rejected", message: words, retryable: false };
  if (error.code === "ETIMEDOUT") return { outcome: "rejected", reason: "timeout", message: words, retryable: true };
  return unreachable(words);
}

/**
 * Whether the recipient's address does not exist. A mistake here would close a good address, so a server that refuses
 * the sender (relaying, reputation, policy) does not count. An enhanced code decides where there is one.
 */
function isAboutTheAddress(error: SmtpFailure, answer: number, words: string): boolean {
  if (anyEnhancedCode.test(words)) return noSuchMailbox.test(words) && !aboutTheSender.test(words);
  return error.command === "RCPT TO" && [550, 551, 553].includes(answer) && !aboutTheSender.test(words);
}

const unreachable = (message: string): SendResult => ({ outcome: "rejected", reason: "provider_unavailable", message, retryable: true });
