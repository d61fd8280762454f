import { linkKeyOf } from "#db/link-keys.ts";
import type { LinkHolder, MessageLinks } from "#engine/messages/message-links.ts";
import { openText, readBytes, sealText, splitKey } from "./sealed-token.ts";
import { createTrackedLinks, type ReadTracked } from "./tracked-links.ts";

/** The links in messages, and what the pages behind them learn of who follows one. */
export interface LinkKeeper extends MessageLinks {
  /** Whom the token of a link stands for; undefined for one that this instance did not make. */
  readToken(token: string): Promise<LinkHolder | "sample" | undefined>;
  /** Where a tracked link leads, or of which message a picture tells; undefined for one that this instance did not make. */
  readTracked: ReadTracked;
}

export const linkPath = (token: string): string => `/u/${token}`;
const sample = "preview";

/**
 * A token is the sealed name of its holder. It does not expire. The key is derived from the master key for this use alone; a previous
 * master key still opens its links, and of those that are gone the keys of links were kept.
 */
export function createMessageLinks(given: {
  masterKey: Buffer;
  previousMasterKeys?: readonly Buffer[];
  /** The keys of links that were sent under master keys which are gone. */
  formerKeys?(): Promise<readonly Buffer[]>;
  publicUrl(): string | undefined;
}): LinkKeeper {
  const known = [given.masterKey, ...(given.previousMasterKeys ?? [])].map(linkKeyOf);
  const current = splitKey(known[0] as Buffer);
  /** They change when a master key is replaced, for which this process is started anew. */
  let former: Promise<readonly Buffer[]> | undefined;
  const readFormer = (): Promise<readonly Buffer[]> => {
    former ??= given.formerKeys?.() ?? Promise.resolve([]);
    former.catch(() => {
      former = undefined;
    });
    return former;
  };
  const urlOf = (path: string): string | undefined => {
    const publicUrl = given.publicUrl();
    return publicUrl === undefined || publicUrl === "" ? undefined : `${publicUrl}${path}`;
  };
  /** The text of a token, opened with what a key of links becomes for this use. */
  const openToken = async (token: string, longest: number, keyOf: (linkKey: Buffer) => Buffer): Promise<string | undefined> => {
    const bytes = readBytes(token, { longest });
    if (!bytes) return undefined;
    const keysOf = (linkKeys: readonly Buffer[]) => linkKeys.map((one) => splitKey(keyOf(one)));
    return openText(keysOf(known), bytes) ?? openText(keysOf(await readFormer()), bytes);
  };
  return {
    unsubscribeUrl: ({ workspaceId, contactId, address }) =>
      urlOf(linkPath(sealText(current, JSON.stringify([workspaceId, contactId, address.toLowerCase()])))),
    sampleUrl: () => urlOf(linkPath(sample)),
    async readToken(token) {
      if (token === sample) return "sample";
      const text = await openToken(token, 1_000, (key) => key);
      if (text === undefined) return undefined;
      const [workspaceId, contactId, address] = JSON.parse(text) as [string, string, string];
      return { workspaceId, contactId, address };
    },
    ...createTrackedLinks({ linkKey: known[0] as Buffer, urlOf, openToken }),
  };
}
