import { randomUUID } from "node:crypto";
import pg from "pg";
import { isTimeout, isUnknownStatement } from "./errors.ts";

// A worker needs sessions of Postgres of its own, because LISTEN, settings and locks belong to a session. A pooler in
// transaction mode gives every transaction another session. Nothing fails then: notifications are lost without an error,
// and settings and locks end up in sessions of other clients. The check therefore opens two connections at the start and
// does what works only in two sessions of its own. The second connection holds a transaction open meanwhile. Otherwise an
// idle pooler would give the first connection its old session back, and the check would pass.

/** Its message says which address to use instead, and is printed as it is. */
export class SessionFailure extends Error {
  override readonly name = "SessionFailure";
  readonly code = "pooled_database";
  /** One sentence for each property of a session that the connection did not keep. */
  readonly seen: readonly string[];

  constructor(url: string, seen: readonly string[]) {
    super(instruction(url, seen));
    this.seen = seen;
  }
}

const usualLimits = { answerMs: 5_000, notifiedMs: 2_000 };

/** @throws SessionFailure when the connections of this address are not sessions; other errors as pg reports them. */
export async function checkSessions(url: string, limits = usualLimits): Promise<void> {
  const seen: string[] = [];
  const first = await connect(url, limits.answerMs);
  const second = await connect(url, limits.answerMs).catch(async (error: unknown) => {
    await close(first);
    throw error;
  });
  try {
    await compare(first, second, { seen, notifiedMs: limits.notifiedMs });
  } catch (error) {
    // The message of the pooler says best what is wrong.
    const message = error instanceof Error ? error.message : String(error);
    seen.push(isTimeout(error) ? "one connection had to wait until the other was idle" : `an error: ${message}`);
  } finally {
    await Promise.all([close(first), close(second)]);
  }
  if (seen.length > 0) throw new SessionFailure(url, seen);
}

async function compare(first: pg.Client, second: pg.Client, { seen, notifiedMs }: { seen: string[]; notifiedMs: number }): Promise<void> {
  const mark = randomUUID();
  const channel = `sluice_check_${mark.replaceAll("-", "")}`;
  const heard = new Promise<boolean>((resolve) => {
    first.on("notification", (message) => resolve(message.channel === channel && message.payload === mark));
  });
  const prepared = { name: `sluice_check_${mark}`, text: "select 1" };

  const lock = await asNumber(first, mark);
  await first.query(`listen ${channel}`);
  await first.query("select set_config('sluice.session_check', $1, false), pg_advisory_lock($2)", [mark, lock]);
  await first.query(prepared);

  await second.query("begin");
  const { rows } = await first.query("select current_setting('sluice.session_check', true) as setting");
  if (rows[0]?.setting !== mark) seen.push("a setting of the session was lost");
  await first.query(prepared).catch((error: unknown) => {
    if (!isUnknownStatement(error)) throw error;
    seen.push("a prepared statement was lost");
  });
  const tried = await second.query("select pg_try_advisory_lock($1) as taken", [lock]);
  if (tried.rows[0]?.taken === true) seen.push("a lock that one session held was given to another");
  await second.query("select pg_notify($1, $2)", [channel, mark]);
  await second.query("commit");
  if (!(await within(notifiedMs, heard))) seen.push(`a notification did not arrive within ${notifiedMs / 1_000} s (LISTEN is lost)`);
}

/** The number of a lock that one run of the check uses, so that two workers that start at once do not wait for each other. */
async function asNumber(client: pg.Client, mark: string): Promise<string> {
  const { rows } = await client.query("select hashtextextended($1, 0)::text as number", [mark]);
  return rows[0].number;
}

async function connect(url: string, answerMs: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "sluice session check",
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** Removes what the check has left in its session. Behind a pooler, another client gets that session next. */
async function close(client: pg.Client): Promise<void> {
  await client.query("rollback; unlisten *; select pg_advisory_unlock_all(); reset sluice.session_check").catch(() => {});
  await client.end().catch(() => {});
}

async function within(milliseconds: number, event: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  return Promise.race([event, late]).finally(() => clearTimeout(timer));
}

function instruction(url: string, seen: readonly string[]): string {
  const { hostname, port } = new URL(url);
  const advice =
    port === "6543"
      ? "Port 6543 is a pooler in transaction mode: use the same address with port 5432 (session mode), or the direct one."
      : "Use the direct address of the database, or the pooler's session mode (Supabase: port 5432 and not 6543; PgBouncer: pool_mode = session).";
  return `A worker needs database sessions of its own, and DATABASE_URL (${hostname}:${port || 5432}) does not give them: ${seen.join("; ")}. ${advice}`;
}
