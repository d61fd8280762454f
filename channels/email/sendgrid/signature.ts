import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Seconds. SendGrid tries a call again for a day. */
const windowSeconds = 2 * 24 * 3_600;

/** The key of the settings (base64 DER); undefined where it is no key on the curve that SendGrid uses. */
export function readVerificationKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whether SendGrid signed the call: ECDSA with SHA-256 over the time and the bytes as they came. */
export function isSignedBySendgrid(
  { headers, body }: { headers: IncomingHttpHeaders; body: Buffer },
  verificationKey: string | undefined,
  nowMs = Date.now(),
): boolean {
  const signature = headers["x-twilio-email-event-webhook-signature"];
  const time = headers["x-twilio-email-event-webhook-timestamp"];
  const key = verificationKey === undefined ? undefined : readVerificationKey(verificationKey);
  if (key === undefined || typeof signature !== "string" || typeof time !== "string" || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(nowMs / 1_000 - Number(time)) > windowSeconds) return false;
  try {
    return verify("sha256", Buffer.concat([Buffer.from(time), body]), key, Buffer.from(signature, "base64"));
  } catch {
    // The bytes of the signature are none.
    return false;
  }
}
