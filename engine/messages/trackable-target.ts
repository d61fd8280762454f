import type { TrackedLinks } from "./message-links.ts";

const longestTarget = 2_048;

/** Words in addresses behind which people say what they do not want. They must work even where this instance does not. */
const choices = /unsub|opt-?_?out|preferenc|abmeld|abbestell|desinscri|d%C3%A9sabonn|desabonn|baja/i;

/**
 * Where a written address leads, as a browser reads it; undefined for one that is not tracked. It has no character that could end a
 * header, because the parser encodes them.
 */
export function trackableTarget(written: string, { isOurs }: Pick<TrackedLinks, "isOurs">): string | undefined {
  if (written.length > longestTarget || !/^\s*https?:\/\//i.test(written) || !URL.canParse(written)) return undefined;
  const url = new URL(written);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  // A name and a password belong to nobody's log.
  if (url.username !== "" || url.password !== "" || isOurs(url)) return undefined;
  if (choices.test(url.href)) return undefined;
  return url.href.length > longestTarget ? undefined : url.href;
}
