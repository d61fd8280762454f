import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { linkKeyOf } from "#db/link-keys.ts";
import type { LinkHolder, MessageLinks } from "#engine/messages/message-links.ts";

/** The links in messages, and what the page behind them learns of who follows one. */
export interface LinkKeeper extends MessageLinks {
  /** Whom the token of a link stands for; undefined for one that this instance did not make. */
  readToken(token: string): Promise<LinkHolder | "sample" | undefined>;
}

export const linkPath = (token: string): string => `/u/${token}`;
const sample = "preview";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * A token is the sealed name of its holder: whoever reads a link, in a log or over somebody's shoulder, learns no address from it, and
 * nobody can make one for another person. The nonce is a MAC of what is sealed, so each try of a message has the same link. It
 * does not expire. The key is derived from the master key for this use alone; a previous master key still opens its links, and of those
 * that are gone the keys of links were kept.
 */
export function createMessageLinks(given: {
  masterKey: Buffer;
  previousMasterKeys?: readonly Buffer[];
  /** The keys of links that were sent under master keys which are gone. */
  formerKeys?(): Promise<readonly Buffer[]>;
  publicUrl(): string | undefined;
}): LinkKeeper {
  const current = splitKey(linkKeyOf(given.masterKey));
  const keys = [current, ...(given.previousMasterKeys ?? []).map((key) => splitKey(linkKeyOf(key)))];
  /** They change when a master key is replaced, for which this process is started anew. */
  let former: Promise<readonly Keys[]> | undefined;
  const readFormer = (): Promise<readonly Keys[]> => {
    former ??= (given.formerKeys?.() ?? Promise.resolve([])).then((all) => all.map(splitKey));
    former.catch(() => {
      former = undefined;
    });
    return former;
  };
  const urlOf = (token: string): string | undefined => {
    const publicUrl = given.publicUrl();
    return publicUrl === undefined || publicUrl === "" ? undefined : `${publicUrl}${linkPath(token)}`;
  };
  return {
    unsubscribeUrl: (who) => urlOf(seal(current, who)),
    sampleUrl: () => urlOf(sample),
    async readToken(token) {
      if (token === sample) return "sample";
      const bytes = readBytes(token);
      return bytes && (openWith(keys, bytes) ?? openWith(await readFormer(), bytes));
    },
  };
}

function openWith(keys: readonly Keys[], bytes: Buffer): LinkHolder | undefined {
  for (const key of keys) {
    const who = open(key, bytes);
    if (who) return who;
  }
  return undefined;
}

interface Keys {
  seal: Buffer;
  nonce: Buffer;
}

const splitKey = (bytes: Buffer): Keys => ({ seal: bytes.subarray(0, 32), nonce: bytes.subarray(32) });

function seal(keys: Keys, { workspaceId, contactId, address }: LinkHolder): string {
  const text = JSON.stringify([workspaceId, contactId, address.toLowerCase()]);
  const nonce = createHmac("sha256", keys.nonce).update(text).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keys.seal, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

function readBytes(token: string): Buffer | undefined {
  if (!/^[\w-]{40,1000}$/.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  // The same bytes have other spellings, of which only one was made.
  return bytes.toString("base64url") === token ? bytes : undefined;
}

function open(keys: Keys, bytes: Buffer): LinkHolder | undefined {
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
