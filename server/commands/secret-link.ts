import { createHash, randomBytes } from "node:crypto";

/**
 * A link that is itself the permission: 256 random bits in the fragment of the address, which browsers send to no
 * server, so it gets into no log and no Referer. Only the hash is kept.
 */
export function createSecretLink(address: string): { link: string; tokenHash: Buffer } {
  const token = randomBytes(32).toString("base64url");
  return { link: `${address}#${token}`, tokenHash: hashLinkToken(token) };
}

export const hashLinkToken = (token: string): Buffer => createHash("sha256").update(token).digest();
