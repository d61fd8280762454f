import { clickLinks, withoutTokens } from "#contract/tracking-paths.ts";
import type { ReadTracked } from "../compose/tracked-links.ts";

/** Shows a text of a message with the links that its author wrote, in place of those that lead through this instance. */
export type ShowAuthored = (text: string) => Promise<string>;

/**
 * The links of messages of one workspace as their authors wrote them. The token of another workspace, or one that cannot be opened, is
 * left out of the link.
 */
export const authoredLinks =
  (readTracked: ReadTracked, workspaceId: string): ShowAuthored =>
  async (text) => {
    const targets = new Map<string, string>();
    for (const [, token = ""] of text.matchAll(clickLinks)) {
      const link = targets.has(token) ? undefined : await readTracked(token);
      if (link?.kind === "click" && (link.message === null || link.message.workspaceId === workspaceId)) targets.set(token, link.target);
    }
    return withoutTokens(text.replace(clickLinks, (whole, token: string) => targets.get(token) ?? whole));
  };

/** The same for the texts of many messages, under the name that they have there. */
export const showTexts = <Key extends string, Item extends Record<Key, string | null>>(
  items: readonly Item[],
  key: Key,
  show: ShowAuthored,
): Promise<Item[]> => Promise.all(items.map(async (item) => (item[key] === null ? item : { ...item, [key]: await show(item[key]) })));
