import type { LinkTracking } from "#contract/link-tracking.ts";
import type { Channel } from "#contract/messages.ts";
import { trackingPaths } from "#contract/tracking-paths.ts";
import { replaceLinks } from "../flow/link-attributes.ts";
import type { TrackedLinks } from "./message-links.ts";
import { trackableTarget } from "./trackable-target.ts";
import { beforeEnd } from "./unsubscribe-footer.ts";

/** What a workspace wants to know of a message, and the links that tell it. */
export interface Tracking {
  rules: LinkTracking;
  links: TrackedLinks;
}

/** A short link, of which a row must know where it leads before it leaves. */
export interface ShortLink {
  code: string;
  url: string;
}

interface Parts {
  subject: string | null;
  text: string;
  html: string | null;
}

interface Tracked {
  message: Parts;
  shortLinks: readonly ShortLink[];
}

/** More than any message has that people read. The others are left as they are. */
const mostLinks = 100;
const mostInSms = 10;
/** What is longer is refused by the providers. */
const longestSms = 1_600;

/**
 * Leads the links of a message through this instance, and adds the picture that tells of an open, as the workspace wants it. Links that
 * unsubscribe or lead to this instance, `mailto:`, `tel:` and places in the message itself stay as they are.
 */
export function trackLinks(message: Parts, channel: Channel, { rules, links }: Tracking): Tracked {
  return channel === "sms" ? trackSms(message, rules, links) : { message: trackEmail(message, rules, links), shortLinks: [] };
}

function trackSms(message: Parts, { clicks, shortDomain }: LinkTracking, links: TrackedLinks): Tracked {
  const untracked = { message, shortLinks: [] };
  if (!clicks || shortDomain === null) return untracked;
  const codes = new Map<string, string>();
  const text = replaceInText(message.text, (written) => {
    const target = trackableTarget(written, links);
    if (target === undefined || (!codes.has(target) && codes.size === mostInSms)) return undefined;
    const code = codes.get(target) ?? links.shortCode(target);
    codes.set(target, code);
    return `https://${shortDomain}${trackingPaths.short}${code}`;
  });
  if (text.length > longestSms) return untracked;
  return { message: { ...message, text }, shortLinks: [...codes].map(([url, code]) => ({ code, url })) };
}

function trackEmail(message: Parts, { clicks, opens }: LinkTracking, links: TrackedLinks): Parts {
  const known = new Map<string, string | undefined>();
  const lead = (written: string): string | undefined => {
    const target = trackableTarget(written, links);
    if (target === undefined || (!known.has(target) && known.size === mostLinks)) return undefined;
    if (!known.has(target)) known.set(target, links.clickUrl(target));
    return known.get(target);
  };
  const text = clicks ? replaceInText(message.text, lead) : message.text;
  if (message.html === null) return { ...message, text };
  const html = clicks ? replaceLinks(message.html, lead) : message.html;
  const picture = opens ? links.openUrl() : undefined;
  return {
    ...message,
    text,
    html: picture === undefined ? html : beforeEnd(html, `<img src="${picture}" width="1" height="1" alt="" style="border:0">`),
  };
}

const longestRun = 4_096;

/** Characters of an address. Others may belong to the sentence. */
const addresses = /\bhttps?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi;

/** Replaces the addresses in a text. What stands around one, such as the full stop of its sentence, stays. */
export function replaceInText(text: string, replace: (address: string) => string | undefined): string {
  return text.replace(addresses, (run: string, offset: number, whole: string) => {
    // Longer than any address that is tracked, with what may stand behind it.
    if (run.length > longestRun) return run;
    // A letter that no plain address has: where the address ends, a telephone decides.
    if (/^[\p{L}\p{N}\p{M}]/u.test(whole.slice(offset + run.length, offset + run.length + 2))) return run;
    const end = endOfAddress(run);
    const instead = replace(run.slice(0, end));
    return instead === undefined ? run : instead + run.slice(end);
  });
}

function endOfAddress(run: string): number {
  let unopened = run.split(")").length - run.split("(").length;
  for (let end = run.length; end > 0; end -= 1) {
    const last = run[end - 1] as string;
    if (last === ")" && unopened > 0) unopened -= 1;
    else if (!".,;:!?'*]".includes(last)) return end;
  }
  return 0;
}
