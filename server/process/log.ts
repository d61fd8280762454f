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

export function createLog(options: { level?: string; destination?: DestinationStream } = {}): Logger {
  return pino(
    {
      level: options.level ?? "info",
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: personalOrSecret.flatMap((name) => [bracket(name), `*${bracket(name)}`, `*.*${bracket(name)}`]),
        censor: "[hidden]",
      },
      serializers: { err: describeError },
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
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(routine === undefined ? {} : { routine }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

const bracket = (name: string): string => `["${name}"]`;
