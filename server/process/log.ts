import { type DestinationStream, type Logger, pino } from "pino";

/**
 * Object first, message second. Callers log ids, never the data behind them; the list below is the net for the day
 * somebody logs a whole request, contact or error of a driver by mistake.
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
  "email",
  "phone",
  "phoneNumber",
  "phone_number",
  "phoneE164",
  "phone_e164",
  "to",
  "to_address",
  "subject",
  "body",
  "html",
  // pg puts the offending row into these.
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
 * What an operator needs of an error. Not pino's own serializer: that one copies every property of the error, and the
 * `detail` of a Postgres error quotes the row ("Key (email)=(ana@…) already exists").
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
