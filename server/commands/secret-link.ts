import { createHash, randomBytes } from "node:crypto";

/**
 * Makes a link that is itself the permission: 256 random bits in the fragment of the address. Browsers do not send the
 * fragment to any server, so it appears in no log and no Referer. Only the hash is stored.
 */
export function createSecretLink(address: string): { link: string; tokenHash: Buffer } {
  const token = randomBytes(32).toString("base64url");
  return { link: `${address}#${token}`, tokenHash: hashLinkToken(token) };
}

export const hashLinkToken = (token: string): Buffer => createHash("sha256").update(token).digest();
