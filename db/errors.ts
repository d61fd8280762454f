/**
 * The one place that knows what an error of Postgres, of node-postgres or of the socket between them means. A SQLSTATE
 * is five characters, of which the first two are its class (https://www.postgresql.org/docs/18/errcodes-appendix.html).
 */

/** Socket errors of Node. The server was not reached, or the connection to it broke. */
const socketErrors: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT", // The Unix socket of a server that is down.
]);

/** pg and Kysely report a lost connection in words only. */
const connectionLossMessages = [
  "Connection terminated",
  "Connection ended unexpectedly",
  "Client has encountered a connection error",
  "Cannot use a pool after calling end",
  "driver has already been destroyed",
];

/** pg reports its own time-outs in words only: no free connection in the pool, no answer within `query_timeout`. */
const timeoutMessages = ["timeout exceeded when trying to connect", "Query read timeout"];

/** The server is there but cannot do this now. */
const passingStates: ReadonlySet<string> = new Set([
  "53300", // too_many_connections
  "53400", // configuration_limit_exceeded
  "55P03", // lock_not_available
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "25006", // read_only_sql_transaction: a failover is in progress
]);

/** A unique index refused the row: another transaction has written the same key. */
export const isUniqueViolation = (error: unknown) => codeOf(error) === "23505";

/** Postgres ended this transaction to break a deadlock. The transaction succeeds when it is run again. */
export const isDeadlock = (error: unknown) => codeOf(error) === "40P01";

/** A lock was not granted within `lock_timeout`. */
export const isLockTimeout = (error: unknown) => codeOf(error) === "55P03";

/** A grant or a row level security policy refused the statement. */
export const isForbidden = (error: unknown) => codeOf(error) === "42501";

/** A prepared statement is not known in this session, because it was prepared in another one. */
export const isUnknownStatement = (error: unknown) => codeOf(error) === "26000";

/** The server is starting up or shutting down. */
export const isStartingOrEnding = (error: unknown) => codeOf(error) === "57P03";

/** A value does not fit its type (class 22) or breaks a constraint (class 23). The same statement fails again. */
export const isDataError = (error: unknown) => /^2[23][0-9A-Z]{3}$/.test(codeOf(error) ?? "");

/** The server was not reached, or the connection broke. Whether the last statement took effect is not known. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  // Classes: 08 connection exception, 57P operator intervention (the server is going down or coming up).
  if (code !== undefined) return socketErrors.has(code) || /^(08|57P0[123])/.test(code);
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss);
  return speaksOf(error, connectionLossMessages);
}

/** The pool had no free connection in time, or the statement was cancelled because its time was up. */
export function isTimeout(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? speaksOf(error, timeoutMessages) : code === "57014";
}

/** The database is away or busy. The error says nothing about the data, and the same statement may succeed in a moment. */
export function isOutage(error: unknown): boolean {
  return isConnectionLoss(error) || isTimeout(error) || passingStates.has(codeOf(error) ?? "");
}

/** The database answered no for a reason that stays: any SQLSTATE outside the classes of outages and conflicts. */
export function isRefusal(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return /^[0-9FHPX][0-9A-Z]{4}$/.test(code) && !/^(08|25|40|53|55|57)/.test(code);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function speaksOf(error: unknown, messages: readonly string[]): boolean {
  return error instanceof Error && messages.some((text) => error.message.includes(text));
}
