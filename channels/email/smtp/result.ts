import type { SendResult } from "../../channel.ts";
import { HostRefused } from "../../host-look-up.ts";
import { SmtpFailure } from "./connection.ts";
import { inPlainWords } from "./plain-words.ts";
import { judgeRefusal } from "./verdict.ts";

/**
 * Tells what a failure means for the message. After the last byte was sent, only an answer of the server tells whether it was
 * accepted. Without an answer the result is `unknown` and never "try again".
 * @throws the error itself when it is neither a failure of the connection nor a refused host: then it is a bug of ours.
 */
export function toSendResult(error: unknown, recipient: string): SendResult {
  if (error instanceof HostRefused) return unreachable(error.message);
  // A bug of ours must not look like a bad connection.
  if (!(error instanceof SmtpFailure)) throw error;

  const words = error.response ?? error.message;
  const answer = error.responseCode;
  if (answer === undefined) return withoutAnswer(error, words);
  // The credentials are wrong or the server shuts down. The message can be sent later.
  if (error.stage === "connect" || [421, 454, 503, 530, 534, 535, 538].includes(answer)) return unreachable(inPlainWords(error, words));
  if (answer < 500) return { outcome: "rejected", reason: "provider_rejected", message: words, retryable: true };
  const { command, handedOver } = error;
  switch (judgeRefusal({ command, handedOver, code: answer, words, recipient })) {
    case "sender":
      // A refusal of MAIL FROM is of the sender alone: every message would meet it. At RCPT TO only the words say so, and a
      // receiving server may have chosen them, so that message has its limited number of tries.
      return {
        outcome: "rejected",
        reason: "sender_refused",
        message: words,
        retryable: true,
        pausesChannel: true,
        costsTry: command !== "MAIL FROM",
      };
    case "mailbox":
      return { outcome: "rejected", reason: "provider_rejected", message: words, retryable: false, invalidatesAddress: true };
    case "message":
      return { outcome: "rejected", reason: "provider_rejected", message: words, retryable: false };
  }
}

function withoutAnswer(error: SmtpFailure, words: string): SendResult {
  if (error.handedOver) return { outcome: "unknown", message: `The server took the message and then did not answer (${words})` };
  // The message exceeds the size limit that the server announced, so it was not sent.
  if (error.code === "EMESSAGE") return { outcome: "rejected", reason: "provider_rejected", message: words, retryable: false };
  if (error.code === "ETIMEDOUT") return { outcome: "rejected", reason: "timeout", message: words, retryable: true };
  return unreachable(inPlainWords(error, words));
}

const unreachable = (message: string): SendResult => ({ outcome: "rejected", reason: "provider_unavailable", message, retryable: true });
