import { HostRefused } from "../../host-look-up.ts";
import { MailboxFailure, type MailboxFailureCode } from "../../mailbox.ts";
import { withoutAddresses } from "../smtp/verdict.ts";

/** How errors of the IMAP library look, as far as we read them. */
interface ImapError extends Error {
  code?: string;
  authenticationFailed?: boolean;
  /** The words of the server; some versions keep the whole answer here. */
  response?: unknown;
  responseText?: unknown;
  serverResponseCode?: string;
}

export type ImapStage = "connect" | "open" | "read";

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing answers on this port of the mailbox’s server",
  ENOTFOUND: "There is no server of this name for the mailbox",
  EAI_AGAIN: "The name of the mailbox’s server could not be looked up",
  EHOSTUNREACH: "The mailbox’s server cannot be reached",
  ENETUNREACH: "The mailbox’s server cannot be reached",
  ECONNRESET: "The mailbox’s server broke the connection off",
  EPIPE: "The mailbox’s server broke the connection off",
  NoConnection: "The mailbox’s server broke the connection off",
  ETIMEDOUT: "The mailbox’s server did not answer in time",
  ETIMEOUT: "The mailbox’s server did not answer in time",
  CONNECT_TIMEOUT: "The mailbox’s server did not answer in time",
  UPGRADE_TIMEOUT: "The mailbox’s server did not answer in time",
  GREETING_TIMEOUT: "The mailbox’s server did not answer in time",
  GreetingTimeout: "The mailbox’s server did not answer in time",
  LiteralTooLarge: "The mailbox’s server sends more than it was asked for",
  LineTooLarge: "The mailbox’s server sends more than it was asked for",
  ResponseTooLarge: "The mailbox’s server sends more than it was asked for",
};

/** Tells what an error of a mailbox means, in words for those who set it up. They name no address. */
export function toMailboxFailure(error: unknown, stage: ImapStage): MailboxFailure {
  if (error instanceof MailboxFailure) return error;
  if (error instanceof HostRefused) return new MailboxFailure("host", `The mailbox cannot be used. ${error.message}`.replace(/\.$/, ""));
  const { code = "", message = "", authenticationFailed, response, responseText } = error as ImapError;
  const said = words(typeof responseText === "string" ? responseText : typeof response === "string" ? response : "");
  if (authenticationFailed)
    return failure("sign_in", "The mailbox’s server refuses the sign-in: check the user name and the password", said);
  if (/certificate|self-signed|altnames/i.test(message))
    return failure("unreachable", "The certificate of the mailbox’s server is not trusted", words(message));
  if (stage === "open" && code !== "NoConnection" && byCode[code] === undefined)
    return failure("folder", "The folder of the mailbox cannot be opened: check its name", said);
  return failure(
    stage === "connect" ? "unreachable" : "broke_off",
    byCode[code] ?? "The mailbox’s server cannot be used",
    said || words(message),
  );
}

const failure = (code: MailboxFailureCode, plain: string, said: string): MailboxFailure =>
  new MailboxFailure(code, said === "" ? plain : `${plain} (${said})`);

/** What a server says is shown to members. It may repeat the address of the mailbox. */
const words = (text: string): string => withoutAddresses(text).replaceAll(/\s+/g, " ").trim().slice(0, 200);
