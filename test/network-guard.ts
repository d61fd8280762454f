import { isIP, Socket } from "node:net";
import { afterEach } from "vitest";

/**
 * No test may use the network: it would depend on servers of others, and one day it would send a real message. The
 * guard replaces the one function that http, fetch, pg, nodemailer and DNS over TCP all use. It also remembers each
 * attempt, because the code under test may catch the error and count it as a failed delivery.
 */
const attempts: string[] = [];
/**
 * Outside servers that tests may use because somebody set their address on purpose: trigger-live.ts,
 * supabase/live.test.ts.
 */
const live = [
  process.env.TRIGGER_ACCESS_TOKEN && process.env.TRIGGER_API_URL,
  process.env.SUPABASE_TEST_URL,
  process.env.SUPABASE_TEST_DATABASE_URL,
].flatMap((url) => (url ? new URL(url).hostname : []));
const connect = Socket.prototype.connect;

Socket.prototype.connect = function guardedConnect(this: Socket, ...args: unknown[]): Socket {
  const target = readTarget(args);
  if (target !== undefined && !live.includes(target) && !isLoopback(target)) {
    attempts.push(target);
    // The error comes later, because callers attach their error listener after connect() returns.
    process.nextTick(() => this.destroy(new Error(`The network guard stopped a connection to ${target}.`)));
    return this;
  }
  return Reflect.apply(connect, this, args);
} as typeof connect;

afterEach(() => {
  const stopped = attempts.splice(0);
  if (stopped.length === 0) return;
  throw new Error(`This test tried to reach ${stopped.join(", ")}: fake the outside world, or listen on 127.0.0.1.`);
});

/** The host of a connect() call in any of its forms; undefined for a path (pipes, Unix sockets). */
function readTarget(args: unknown[]): string | undefined {
  // net.connect() normalises its arguments into one array before it calls the method.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === "object" && first !== null) {
    const { path, host } = first as { path?: string; host?: string };
    return path === undefined ? (host ?? "localhost") : undefined;
  }
  if (typeof first === "string" && Number.isNaN(Number(first))) return undefined;
  return typeof second === "string" ? second : "localhost";
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  if (isIP(bare) === 0) return bare === "localhost" || bare.endsWith(".localhost");
  return bare === "::1" || bare.startsWith("127.") || bare === "0.0.0.0" || bare === "::";
}
