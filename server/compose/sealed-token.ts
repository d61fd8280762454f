import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";

/*
 * Texts that are sealed into links: whoever reads a link, in a log or over somebody's shoulder, learns nothing from it, and nobody can
 * make one. The nonce is a MAC of what is sealed, so the same text has the same token at each try.
 */

interface SealKeys {
  seal: Buffer;
  nonce: Buffer;
}

const nonceBytes = 12;
const tagBytes = 16;

/** The first 64 bytes of a key. */
export const splitKey = (bytes: Buffer): SealKeys => ({ seal: bytes.subarray(0, 32), nonce: bytes.subarray(32, 64) });

export function sealText(keys: SealKeys, text: string): string {
  const nonce = createHmac("sha256", keys.nonce).update(text).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keys.seal, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** The bytes of a token; undefined for one that cannot have been made here. */
export function readBytes(token: string, { longest }: { longest: number }): Buffer | undefined {
  if (token.length < 40 || token.length > longest || !/^[\w-]+$/.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  // The same bytes have other spellings, of which only one was made.
  return bytes.toString("base64url") === token ? bytes : undefined;
}

/** The text, if one of the keys sealed it. */
export function openText(keys: readonly SealKeys[], bytes: Buffer): string | undefined {
  for (const key of keys) {
    const text = open(key, bytes);
    if (text !== undefined) return text;
  }
  return undefined;
}

function open(keys: SealKeys, bytes: Buffer): string | undefined {
  const decipher = createDecipheriv("aes-256-gcm", keys.seal, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}
