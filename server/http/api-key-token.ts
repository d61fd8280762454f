import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const pattern = /^sk_live_([a-zA-Z0-9]{8})_([A-Za-z0-9_-]{43})$/;

/**
 * Makes a key of the form `sk_live_<id>_<secret>`. The id finds the row and may be shown. The secret (256 random bits)
 * proves who holds the key. The secret scanners of code hosts look for the prefix.
 */
export function createApiKeyToken(): { id: string; token: string; secretHash: Buffer } {
  const id = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join("");
  const secret = randomBytes(32).toString("base64url");
  return { id, token: `sk_live_${id}_${secret}`, secretHash: hashSecret(secret) };
}

export function parseApiKeyToken(token: string): { id: string; secret: string } | undefined {
  const match = pattern.exec(token);
  return match ? { id: match[1] as string, secret: match[2] as string } : undefined;
}

export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Compares also when there is no hash, so that an unknown id takes as long as a wrong secret. */
export function secretMatches(secret: string, hash: Buffer | undefined): boolean {
  const given = hashSecret(secret);
  return timingSafeEqual(given, hash ?? Buffer.alloc(given.length)) && hash !== undefined;
}
