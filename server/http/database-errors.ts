/** SQLSTATEs and socket errors that say "not now" instead of "never": asking again in a moment is the right answer. */
const passing = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT", // the Unix socket of a server that is down
  "53300", // too_many_connections
  "53400", // configuration_limit_exceeded
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "57014", // query_canceled: the statement's time was up
  "55P03", // lock_not_available
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "25006", // read_only_sql_transaction: a failover in progress
]);

/** pg reports these without a code. */
const passingMessages = [
  "timeout exceeded when trying to connect",
  "Connection terminated",
  "Client has encountered a connection error",
  "Cannot use a pool after calling end",
  "driver has already been destroyed",
  "Connection ended unexpectedly",
];

export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as Error & { code?: unknown };
  if (typeof code === "string") return passing.has(code) || code.startsWith("08");
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  return passingMessages.some((text) => error.message.includes(text));
}

/** insufficient_privilege: a grant or a row level security policy said no. */
export function isRefusedByPolicy(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: unknown }).code === "42501";
}
