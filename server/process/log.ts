import { type DestinationStream, type Logger, pino } from "pino";
import { personalNames } from "#contract/contact-fields.ts";

/**
 * Calls pass the object first and the message second, and log ids, never the data behind them. The list below protects
 * personal data if somebody logs a whole request, contact or database error by mistake.
 */
const personalOrSecret = [
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "newPassword",
  "currentPassword",
  "token",
  "secret",
  "secrets",
  "key",
  "link",
  ...personalNames,
  "to",
  "to_address",
  "subject",
  "body",
  "html",
  // pg puts the row that a statement failed on into these.
  "detail",
  "where",
  "parameters",
];

export function createLog(options: { level?: string; destination?: DestinationStream; process?: string } = {}): Logger {
  return pino(
    {
      level: options.level ?? "info",
      // Two processes may write into one log.
      base: options.process === undefined ? undefined : { process: options.process },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: personalOrSecret.flatMap((name) => [bracket(name), `*${bracket(name)}`, `*.*${bracket(name)}`]),
        censor: "[hidden]",
      },
      serializers: { err: describeError, reason: (reason: unknown) => (typeof reason === "string" ? withoutAddresses(reason) : reason) },
    },
    options.destination ?? pino.destination(1),
  );
}

/**
 * Describes an error for operators. pino's own serializer copies every property of the error, and the `detail` of a
 * Postgres error quotes the row ("Key (email)=(ana@…) already exists"), so it is not used.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint, table, routine } = error as Error & Record<string, unknown>;
  const hide = isDataException(code) ? (text: string) => withoutAddresses(withoutQuotes(text)) : withoutAddresses;
  return {
    type: error.name,
    message: hide(error.message),
    stack: error.stack && hide(error.stack),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(routine === undefined ? {} : { routine }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Mail servers and gateways quote the address that they refuse, so errors of theirs hold it. */
const withoutAddresses = (text: string): string =>
  // Only the beginning of a word is a place where an address begins, so each character is looked at once.
  text.replaceAll(/(?<![^\s<>"'(),;:@])[^\s<>"'(),;:@]+@[^\s<>"'(),;:@]+/g, "[address]").replaceAll(/\+?\d[\d ().-]{5,}\d/g, hideNumber);
/** Ids, times and versions have other shapes than a number that can be called: fewer digits, or no plus sign before ten of them. */
const hideNumber = (found: string): string => {
  const digits = found.replaceAll(/\D/g, "").length;
  return digits >= 7 && digits <= 15 && (found.startsWith("+") || digits >= 10) ? "[number]" : found;
};

/** The errors of class 22 quote the value that does not fit: invalid input syntax for type date: "…". */
const isDataException = (code: unknown): boolean => typeof code === "string" && /^22...$/.test(code);
const withoutQuotes = (text: string): string => text.replaceAll(/"[^"]*"/g, '"…"');

const bracket = (name: string): string => `["${name}"]`;
