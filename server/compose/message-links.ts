import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import type { LinkHolder, MessageLinks } from "#engine/messages/message-links.ts";

/** The links in messages, and what the page behind them learns of who follows one. */
export interface LinkKeeper extends MessageLinks {
  /** Whom the token of a link stands for; undefined for one that this instance did not make. */
  readToken(token: string): LinkHolder | "sample" | undefined;
}

export const linkPath = (token: string): string => `/u/${token}`;
const sample = "preview";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * A token is the sealed name of its holder: whoever reads a link, in a log or over somebody's shoulder, learns no address from it, and
 * nobody can make one for another person. The nonce is a MAC of what is sealed, so each try of a message has the same link. It
 * does not expire. The key is derived from the master key for this use alone; a previous master key still opens its links.
 */
export function createMessageLinks(given: {
  masterKey: Buffer;
  previousMasterKeys?: readonly Buffer[];
  publicUrl(): string | undefined;
}): LinkKeeper {
  const current = deriveKeys(given.masterKey);
  const keys = [current, ...(given.previousMasterKeys ?? []).map(deriveKeys)];
  const urlOf = (token: string): string | undefined => {
    const publicUrl = given.publicUrl();
    return publicUrl === undefined || publicUrl === "" ? undefined : `${publicUrl}${linkPath(token)}`;
  };
  return {
    unsubscribeUrl: (who) => urlOf(seal(current, who)),
    sampleUrl: () => urlOf(sample),
    readToken(token) {
      if (token === sample) return "sample";
      for (const key of keys) {
        const who = open(key, token);
        if (who) return who;
      }
      return undefined;
    },
  };
}

interface Keys {
  seal: Buffer;
  nonce: Buffer;
}

function deriveKeys(masterKey: Buffer): Keys {
  const bytes = Buffer.from(hkdfSync("sha256", masterKey, "", "sluice unsubscribe link v1", 64));
  return { seal: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

function seal(keys: Keys, { workspaceId, contactId, address }: LinkHolder): string {
  const text = JSON.stringify([workspaceId, contactId, address.toLowerCase()]);
  const nonce = createHmac("sha256", keys.nonce).update(text).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keys.seal, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

function open(keys: Keys, token: string): LinkHolder | undefined {
  if (!/^[\w-]{40,1000}$/.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  // The same bytes have other spellings, of which only one was made.
  if (bytes.toString("base64url") !== token) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", keys.seal, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  let text: string;
  try {
    text = decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
  const [workspaceId, contactId, address] = JSON.parse(text) as [string, string, string];
  return { workspaceId, contactId, address };
}
