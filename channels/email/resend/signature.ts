import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Seconds. A call that is older, or from further in the future, was recorded and is repeated by somebody else. */
const windowSeconds = 300;

/**
 * Says whether this secret signed the call, as Svix and the Standard Webhooks describe it: HMAC-SHA256 over id, time and body. One header
 * holds several signatures while the secret is being changed.
 */
export function isSignedBySvix(
  { headers, body }: { headers: IncomingHttpHeaders; body: Buffer },
  secret: string | undefined,
  nowMs = Date.now(),
): boolean {
  const [id, time, given] = ["id", "timestamp", "signature"].map((name) => headers[`svix-${name}`] ?? headers[`webhook-${name}`]);
  if (typeof id !== "string" || typeof time !== "string" || typeof given !== "string" || !secret?.startsWith("whsec_")) return false;
  if (!/^\d{1,12}$/.test(time) || Math.abs(nowMs / 1_000 - Number(time)) > windowSeconds) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  if (key.length === 0) return false;
  const expected = createHmac("sha256", key).update(`${id}.${time}.`).update(body).digest();
  return given
    .split(" ", 20)
    .filter((one) => one.startsWith("v1,"))
    .map((one) => Buffer.from(one.slice(3), "base64"))
    .reduce((isValid, one) => (one.length === expected.length && timingSafeEqual(one, expected)) || isValid, false);
}
