import type { SmtpFailure } from "./connection.ts";

/** Why a mail server cannot be used, as a person would say it, with the technical words behind it in brackets. */
export function inPlainWords(error: SmtpFailure, words: string): string {
  const plain = causeOf(error, words);
  return plain === undefined ? words : `${plain} (${words})`;
}

function causeOf({ responseCode, code, cause }: SmtpFailure, words: string): string | undefined {
  if (responseCode !== undefined) return byAnswer[responseCode];
  const known = byCode[socketCode(cause) ?? ""] ?? byCode[code ?? ""];
  if (/certificate|self-signed/i.test(words)) return "The certificate of the mail server is not trusted";
  return known;
}

/** The library replaces the code of the socket with its own; the error of the socket is the cause, or its words name it. */
function socketCode(cause: unknown): string | undefined {
  const text = cause instanceof Error ? `${(cause as { code?: string }).code ?? ""} ${cause.message}` : "";
  return /\bE(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT|PIPE)\b/.exec(text)?.[0];
}

const byAnswer: Record<number, string> = {
  421: "The mail server is closing its service for now",
  454: "The mail server cannot check the password for now",
  530: "The mail server asks for a user name and a password",
  534: "The mail server does not accept this way of signing in",
  535: "The mail server refuses the user name or the password",
  538: "The mail server wants an encrypted connection for the password",
};

const byCode: Record<string, string> = {
  ECONNREFUSED: "Nothing answers on this port of the mail server",
  ENOTFOUND: "There is no server of this name",
  EDNS: "There is no server of this name",
  EAI_AGAIN: "The name of the mail server could not be looked up",
  EHOSTUNREACH: "The mail server cannot be reached",
  ENETUNREACH: "The mail server cannot be reached",
  ECONNRESET: "The mail server broke the connection off",
  EPIPE: "The mail server broke the connection off",
  ETIMEDOUT: "The mail server did not answer in time",
  ETLS: "An encrypted connection to the mail server could not be made",
};
